// Choosing, keeping, editing and striking without leaving the keyboard.
//
// A line is a sentence or a question (`[data-line]`). Choosing one marks it, brings its evidence (the link's own
// hx-get, fired by our event `choose`) and shows its buttons. Buttons carry their key in data-key, so what a key does
// is written once, in the page. Without this module every link and button still works as a page.

const KEYS_OFF = "holdspace.review.keys-off";
const lines = () => [...document.querySelectorAll("[data-line]")];
const chosen = () => document.querySelector("[data-line].is-chosen");
const linkOf = (line) => line?.querySelector("[data-choose]");
const panel = () => document.getElementById("evidence");

function choose(line, { focus = true } = {}) {
  if (!line) return;
  for (const other of document.querySelectorAll("[data-line].is-chosen")) {
    other.classList.remove("is-chosen");
    linkOf(other)?.removeAttribute("aria-current");
  }
  line.classList.add("is-chosen");
  const link = linkOf(line);
  if (!link) return;
  link.setAttribute("aria-current", "true");
  if (focus) link.focus({ preventScroll: true });
  htmx.trigger(link, "choose");
  panel().classList.remove("is-resting");
  document.body.classList.add("has-sheet");
  keepInSight(line);
}

// The bar covers the top and, on a phone, the sheet covers the lower half: scroll only when the line is under either.
function keepInSight(line) {
  const box = line.getBoundingClientRect();
  const isPhone = matchMedia("(max-width: 59.99rem)").matches;
  const foot = innerHeight * (isPhone ? 0.52 : 0.92);
  if (box.top < 100 || box.bottom > foot) {
    scrollBy({ top: box.top - Math.min(innerHeight * 0.28, 240) });
  }
}

function step(by) {
  const all = lines();
  const at = all.indexOf(chosen());
  choose(all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))]);
}

function closePanel() {
  panel().classList.add("is-resting");
  document.body.classList.remove("has-sheet");
  linkOf(chosen())?.focus({ preventScroll: true });
}

function press(key) {
  const button = chosen()?.querySelector(`[data-key="${key}"]`);
  if (!button && key !== "k") return false;
  button?.click();
  if (key === "k" || key === "s") step(1); // keeping what is kept already only goes on
  return true;
}

const isTyping = (node) => node.closest?.("input, textarea, select, [contenteditable]");
const keysAreOff = () => localStorage.getItem(KEYS_OFF) === "1";
const moves = { ArrowDown: 1, ArrowUp: -1, j: 1, p: -1 };

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const cancel = event.target.closest?.("form")?.querySelector("[data-cancel]");
    if (cancel) cancel.click();
    else closePanel();
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const isArrow = event.key.startsWith("Arrow");
  if (keysAreOff() && !isArrow) return;
  if (isArrow && !event.target.closest("[data-line]") && event.target !== document.body) return;
  const key = isArrow ? event.key : event.key.toLowerCase();
  if (key in moves) step(moves[key]);
  else if (key === "q") choose(document.querySelector(".question[data-open]"));
  else if (!press(key)) return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-choose]");
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    const isSecondTime = link.getAttribute("aria-current") && event.detail === 0;
    choose(link.closest("[data-line]"));
    // Enter on the sentence already chosen goes to its evidence, to be read; Escape comes back.
    if (isSecondTime) panel().focus();
  } else if (event.target.closest("[data-close]")) closePanel();
});

// What the server sends in place of a line has lost the mark and the focus: give both back.
let lastChosen = null;
document.addEventListener("htmx:beforeSwap", () => { lastChosen = chosen()?.id ?? lastChosen; });
document.addEventListener("htmx:afterSettle", (event) => {
  if (chosen() || !lastChosen) return;
  const line = document.getElementById(lastChosen);
  if (!line) return;
  line.classList.add("is-chosen");
  linkOf(line)?.setAttribute("aria-current", "true");
  if (!line.contains(document.activeElement)) linkOf(line)?.focus({ preventScroll: true });
  if (event.target?.dataset?.said) document.getElementById("said").textContent = event.target.dataset.said;
});

const toggle = document.getElementById("single-keys");
if (toggle) {
  toggle.checked = !keysAreOff();
  toggle.addEventListener("change", () => localStorage.setItem(KEYS_OFF, toggle.checked ? "0" : "1"));
}
const first = chosen();
if (first) choose(first, { focus: false });
