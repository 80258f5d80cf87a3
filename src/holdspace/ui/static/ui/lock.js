// The lock: one button, or Escape twice, hides the page at once; so does time when nobody is there.
//
// Locked is what the server says; here the page is only taken away and put back. What was on it, with all that was
// typed, leaves the document and waits in this module's memory, in no storage. What goes on behind a lock, a session
// being heard, stays in the document, unseen ([data-goes-on]). Every window of this browser locks and opens together.

const SOON_MS = 60_000;      // a word before it locks itself
const SAY_MS = 30_000;       // how often the server hears that somebody is there
const LOOK_MS = 5_000;
const ASK_MS = 15_000;
const TWICE_MS = 500;
const SAVE_MS = 1_500;

const { lock: address, who } = document.body.dataset;
const windows = new BroadcastChannel("holdspace-lock");
const soon = document.getElementById("lock-soon");
let token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
let locksAt = Date.now() + 1000 * Number(document.body.dataset.left);
let saidAt = Date.now();
let askedAt = 0;
let escapeAt = 0;
let focus = null;            // where she was typing when she locked it
let leaving = null;          // until the page is away
let behind = null;           // what was on the page, while it is locked

const ask = (path, method = "GET", options = {}) => fetch(address + path, {
  method, credentials: "same-origin", redirect: "error", headers: { "HX-Request": "true", "X-CSRFToken": token }, ...options,
});

// Forms that save themselves as she types.
const selfSaving = (root) => [...root.querySelectorAll("form[hx-post][hx-trigger*=input]")];
const isChanged = (form) => [...form.elements].some((field) => "defaultValue" in field && field.value !== field.defaultValue);

const answered = (form) => new Promise((done) => { form.addEventListener("htmx:afterRequest", done, { once: true }); });

// One that is under way has what she typed before; the last words go with the next.
async function saved(form) {
  if (form.classList.contains("htmx-request")) await answered(form);
  const last = answered(form);
  htmx.trigger(form, "submit");
  await last;
}

// The last words she typed are sent first, unseen already; they stay on the page whatever becomes of that.
async function save() {
  const late = new Promise((done) => { setTimeout(done, SAVE_MS); });
  await Promise.race([late, Promise.all(selfSaving(document).filter(isChanged).map(saved))]);
}

function takeOut(part, into) {
  const mark = document.createComment("");
  part.replaceWith(mark);
  into?.append(part);
  behind.parts.unshift([mark, part]); // put back in the other order
}

function hide() {
  if (behind) return;
  document.body.classList.remove("is-hiding");
  const unseen = document.createElement("div");
  unseen.className = "visually-hidden";
  unseen.inert = true;
  unseen.ariaHidden = "true";
  const panel = document.createElement("main");
  panel.className = "lock-over";
  behind = { page: document.createDocumentFragment(), parts: [], unseen, panel, title: document.title, focus: focus ?? document.activeElement, scroll: scrollY };
  focus = null;
  for (const part of document.querySelectorAll("[data-not-while-locked]")) takeOut(part);
  for (const part of document.querySelectorAll("[data-goes-on]")) takeOut(part, unseen);
  behind.page.append(...document.body.childNodes);
  document.body.append(unseen, panel);
  document.title = "Locked · Holdspace";
}

// What Holdspace itself rendered: the lock, or a part of this very page.
function put(rendered) {
  behind.panel.innerHTML = rendered;
  htmx.process(behind.panel);
  document.dispatchEvent(new Event("lock-shown"));
  (behind.panel.querySelector("[autofocus]") ?? behind.panel.querySelector("input:not([type=hidden]), button, a"))?.focus();
}

const said = (id) => behind.page.querySelector(`#${id}`).innerHTML;

async function show() {
  try {
    const answer = await ask("");
    if (!behind) return;
    if (answer.status === 204) restore();
    else put(answer.ok ? await answer.text() : said("lock-out"));
  } catch { if (behind) put(said("lock-away")); }
}

// Unseen at once; then the last words are saved, and the page leaves the document.
async function leave() {
  if (behind) return;
  focus = document.activeElement;
  focus?.blur();
  document.body.classList.add("is-hiding");
  await save();
  hide();
}

function away() {
  leaving ??= leave();
  return leaving;
}

async function lock() {
  if (behind) return;
  windows.postMessage("hide");
  await away();
  try { await ask("now/", "POST"); } catch { /* the page stays hidden, and says so */ }
  windows.postMessage("locked");
  await show();
}

function renew(fresh) {
  if (!fresh || fresh === token) return;
  token = fresh;
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = fresh;
  for (const place of document.querySelectorAll("[data-csrf]")) place.dataset.csrf = fresh;
}

function restore() {
  if (!behind) return;
  const { page, parts, unseen, panel, title, focus: had, scroll } = behind;
  behind = leaving = null;
  panel.remove();
  document.body.append(page);
  for (const [mark, part] of parts) mark.replaceWith(part);
  unseen.remove();
  document.title = title;
  scrollTo(0, scroll);
  had?.focus?.({ preventScroll: true });
  // What asks now and then has stopped asking; what saves itself may have been refused meanwhile.
  for (const asking of document.querySelectorAll("[hx-trigger*='every ']")) {
    const again = asking.cloneNode(true);
    asking.replaceWith(again);
    htmx.process(again);
  }
  for (const form of selfSaving(document).filter(isChanged)) {
    for (const field of form.querySelectorAll("textarea")) field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// How it stands is the server's to say: another window may be in use.
async function look() {
  askedAt = Date.now();
  let answer;
  try { answer = await ask("state/"); } catch { return; }
  if (!answer.ok) { hide(); await show(); return; }
  const state = await answer.json();
  if (state.who !== who) { if (behind) put(said("lock-out")); else location.reload(); return; }
  locksAt = Date.now() + 1000 * state.left;
  if (state.locked) { hide(); await show(); return; }
  if (behind) { restore(); renew(state.token); }
}

async function here() {
  const isSoon = !soon.hidden;
  soon.hidden = true;
  if (behind || (!isSoon && Date.now() - saidAt < SAY_MS)) return;
  saidAt = Date.now();
  try {
    const answer = await ask("here/", "POST");
    if (!answer.ok) { hide(); await show(); return; }
    locksAt = Date.now() + 1000 * (await answer.json()).left;
    windows.postMessage("here");
  } catch { /* the network is away; the page says so when it is needed */ }
}

async function watch() {
  if (behind) return;
  const left = locksAt - Date.now();
  if (left > SOON_MS) { soon.hidden = true; return; }
  if (left <= 0 || Date.now() - askedAt > ASK_MS) await look();
  if (!behind) soon.hidden = locksAt - Date.now() > SOON_MS;
}

if (address) {
  for (const event of ["pointerdown", "keydown", "wheel", "touchstart"]) addEventListener(event, here, { passive: true });
  setInterval(watch, LOOK_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { if (behind) look(); else watch(); } });
  windows.addEventListener("message", ({ data }) => {
    if (data === "hide") away();
    if (data === "locked") away().then(show);
    if (data === "back" && behind) look();
    if (data === "here") { locksAt = Math.max(locksAt, Date.now() + SOON_MS); askedAt = 0; watch(); }
  });
  addEventListener("keydown", (event) => {
    // Behind the lock no key does anything on the page.
    if (behind && !behind.panel.contains(event.target)) event.stopImmediatePropagation();
    if (event.key !== "Escape" || event.repeat) { escapeAt = 0; return; }
    if (event.timeStamp - escapeAt < TWICE_MS) lock();
    escapeAt = event.timeStamp;
  }, true);
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-locks]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    lock();
  }, true);
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status !== 423) return;
    event.detail.shouldSwap = false;
    hide();
    show();
  });
  document.addEventListener("came-back", () => { restore(); windows.postMessage("back"); look(); });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-look]")) look(); });
}
