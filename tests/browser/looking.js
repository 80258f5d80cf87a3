// Run in the page by looking.py; gives a list of faults in words.
() => {
  const faults = [];
  const seen = (e) => e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && !e.closest(".visually-hidden, .skip");
  const words = (e) => (e.innerText || "").trim().slice(0, 40);
  const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (css) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1);
    const d = canvas.getImageData(0, 0, 1, 1).data; return [d[0], d[1], d[2], d[3] / 255]; };
  const over = (a, b) => [0, 1, 2].map((i) => a[i] * a[3] + b[i] * (1 - a[3])).concat(1);
  const under = (e) => { const layers = [];
    for (let n = e; n; n = n.parentElement) layers.push(rgba(getComputedStyle(n).backgroundColor));
    return layers.reverse().reduce((base, top) => over(top, base), [255, 255, 255, 1]); };
  for (const e of document.querySelectorAll("body *")) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !seen(e) || e.closest(":disabled, noscript, script, style")) continue;
    const style = getComputedStyle(e), base = under(e), ink = over(rgba(style.color), base);
    const [hi, lo] = [light(ink), light(base)].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize), big = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = (hi + 0.05) / (lo + 0.05);
    if (ratio < (big ? 3 : 4.5)) faults.push(`contrast ${ratio.toFixed(2)}: ${words(e)}`);
  }
  const named = (e) => e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || [...(e.labels ?? [])].some((l) => l.textContent.trim());
  for (const e of document.querySelectorAll("input:not([type=hidden]), select, textarea")) if (!named(e)) faults.push(`no label: ${e.name || e.id}`);
  for (const e of document.querySelectorAll("a[href], button, summary")) if (!e.textContent.trim() && !e.getAttribute("aria-label")) faults.push(`no name: ${e.outerHTML.slice(0, 60)}`);
  for (const e of document.querySelectorAll("section, nav, aside, article")) if (e.tagName !== "ARTICLE" && !named(e)) faults.push(`unnamed ${e.tagName}`);
  for (const e of document.querySelectorAll("[aria-labelledby]")) if (!document.getElementById(e.getAttribute("aria-labelledby"))) faults.push(`label lost: ${e.getAttribute("aria-labelledby")}`);
  if (document.querySelectorAll("h1").length !== 1) faults.push("not exactly one h1");
  if (document.querySelectorAll("main").length !== 1) faults.push("not exactly one main");
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i))) faults.push(`id twice: ${id}`);
  if (document.documentElement.scrollWidth > innerWidth) faults.push(`wider than the window by ${document.documentElement.scrollWidth - innerWidth}`);
  if (innerWidth < 500) for (const e of document.querySelectorAll("main button, main select, main .button")) {
    const box = e.getBoundingClientRect();
    if (seen(e) && box.height && box.height < 24) faults.push(`too small to touch: ${words(e)}`);
  }
  return faults;
}
