// The page that hears a session, or a dictation. It shows that it hears, never what.

import { ENDED, Line, OVER } from "./line.js";
import { Sound, microphone, shared, sources } from "./sound.js";

const WORDS_MS = 3000;
const BEHIND_S = 35;        // a long sentence is understood when it ends: less than this is no delay
const SLEPT_MS = 5000;
const STRIKES = [1, 5];     // minutes the server can take out
const THEIRS = 1;           // the channel of what is shared, on a call
const KEYS_OFF = "holdspace.review.keys-off"; // the switch of the review page too
const place = document.getElementById("capture");
const byId = (id) => document.getElementById(id);
const words = {
  live: "Listening", paused: "Paused. Nothing is heard.", off: "Off the record. Nothing is heard.",
  ending: "Understanding the last words", ended: "Ended",
};
const sourceEnded = ["The microphone was unplugged. What was heard is kept.", "Sharing was stopped. What was heard is kept. Share it again to go on."];
// Which browser this is, so that a reloaded page goes on at once. Of the session itself nothing is stored but how many
// seconds of it there were, and when, once the page is left.
const token = sessionStorage.getItem("capture") ?? crypto.randomUUID();
sessionStorage.setItem("capture", token);
const LEFT = "capture-left";

let mode;
let line;
let sound;
let isHearing = false;      // whether seconds are taken; false at once when she says so, whatever the network does
let isEnding = false;
let asked = null;           // the state she asked for, until the server has heard it
let taking = null;          // what she takes out, until the server has
let dropped = 0;            // seconds not sent yet when the client asked for a pause
let isNoticed = false;      // whether the notice shown is over with the next answer
let isRefused = false;      // it is over for a reason that she reads before she goes on
let isPauseAsked = false;   // the client asked for a pause, and she has not gone on since
const unheard = [];         // what was not heard, and where
let lastSound = 0;          // by the clock of the wall: the other one stands still while the computer sleeps
const away = new Set();     // channels whose source has ended

const say = (text) => { if (byId("line").textContent !== text) byId("line").textContent = text; };
const duration = (s) => [s >= 60 && `${Math.floor(s / 60)} min`, s % 60 && `${s % 60} s`].filter(Boolean).join(" ");
const clock = (s) => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
const keysAreOff = () => localStorage.getItem(KEYS_OFF) === "1";

// What she asked for, from the moment she does.
function shown() {
  if (isEnding) return "ending";
  if (line.isOver) return "ended";
  return asked && asked !== "live" ? asked : line.state;
}

function show(state = shown()) {
  byId("clock").textContent = clock(line.length);
  byId("listening").textContent = state === "live" && (!isHearing || away.size) ? "Nothing is heard." : words[state];
  byId("running").dataset.state = state;
  byId("pause").setAttribute("aria-pressed", state === "paused");
  byId("off")?.setAttribute("aria-pressed", state === "off");
}

// Stopped by the client's phone or from the lock: what was recorded since then is not sent later either. Nobody can tell it
// from what was recorded before and not sent yet, so that goes with it.
function stopped(state) {
  isHearing = false;
  if (state === "ending" && isEnding) return;
  dropped += line.takeBack();
}

// How long nothing was heard, and after which second; it stays on the page until the end.
function notHeard(seconds) {
  unheard.push(`${duration(seconds)} at ${clock(line.length)}`);
  byId("unheard").textContent = `Not heard: ${unheard.join(", ")}.`;
}

// How many seconds a page that is left had recorded: what the server has not of them by then is gone with it.
// What is said while it is paused is not missing, so no time counts then.
const isUnsent = () => line?.isOver === false && line.sent < line.length;

function leave() {
  if (byId("running").hidden) return;
  sessionStorage.removeItem(LEFT);
  if (isHearing || isUnsent()) sessionStorage.setItem(LEFT, JSON.stringify({ begin: place.dataset.begin, recorded: line.length, at: isHearing ? lastSound : 0 }));
}

function howLeft() {
  const left = JSON.parse(sessionStorage.getItem(LEFT) ?? "{}");
  if (left.begin !== place.dataset.begin) return {};
  return { recorded: left.recorded, ago: left.at ? Math.max(0, Math.round((Date.now() - left.at) / 1000)) : 0 };
}

function told(answer) {
  if (isNoticed) { byId("notices").innerHTML = ""; isNoticed = false; }
  if (answer.state !== "live") stopped(answer.state);
  isPauseAsked = answer.asked;
  if (answer.missed) notHeard(answer.missed);
  if (answer.state === "ending" && !isEnding) end();
  if (answer.asked) say(dropped > 1 ? `Your client asked for a pause. ${dropped} s that were not sent yet are gone.` : "Your client asked for a pause.");
  else if (away.size) say(sourceEnded[Math.min(...away)]);
  else if (line.sent < line.length - 3 && answer.behind === 0) say("Sending what the server has not heard yet.");
  else if (answer.lost) say(`${answer.lost} s could not be heard: they were gone with a reloaded page and a server that stopped.`);
  else if (isHearing && Date.now() - lastSound > SLEPT_MS) say("No sound arrives from the microphone. Is it plugged in?");
  else say(answer.behind > BEHIND_S ? `Hearing is ${answer.behind} s behind. Nothing is lost; it catches up.` : "");
  if (byId("code") && answer.code) { byId("code").textContent = answer.code; byId("for-client").hidden = false; }
  show();
}

function failed(error) {
  const isOver = OVER.includes(error.status);
  if (isEnding && error.status === ENDED) return;
  byId("notices").innerHTML = error.page ?? "";
  isNoticed = !error.isFinal && !isOver;
  if (isNoticed) say(`${error.status ? "Holdspace cannot take it just now." : "The network is away."} ${line.queue.length} s are kept in this page and sent when it ${error.status ? "can" : "is back"}.`);
  if (!isOver) return;
  isHearing = false;
  isRefused = true;
  sound?.stop();
  say("");
  const lost = line.takeBack();
  if (lost) notHeard(lost);
  show("ended");
  byId("go-on").hidden = false;
}

function second(buffer) {
  if (!isHearing || away.size) { new Uint8Array(buffer).fill(0); return; }
  const now = Date.now();
  const missed = Math.round((now - lastSound) / 1000) - 1;
  if (missed * 1000 > SLEPT_MS) { line.change({ gap: missed }); notHeard(missed); }
  lastSound = now;
  line.push(buffer);
  show();
}

async function gone(channel) {
  if (isEnding || line?.isOver !== false || byId("running").hidden || away.has(channel)) return;
  away.add(channel);
  say(sourceEnded[channel]);
  show();
  // A browser shares something only when she asks it to.
  if (channel === THEIRS) { byId("share-again").hidden = false; return; }
  // The system's next microphone takes its place; without one this is tried until there is.
  while (!isEnding && !line.isOver) {
    try { await back(channel, await microphone(mode)); return; } catch { await new Promise((wake) => setTimeout(wake, 2000)); }
  }
}

async function back(channel, stream) {
  if (isEnding || line.isOver) { stream.getTracks().forEach((track) => track.stop()); return; }
  await sound.replace(channel, stream);
  if (away.size === 1) await sound.start(place.dataset.worklet);
  away.delete(channel);
  show();
}

async function shareAgain({ target }) {
  try {
    await back(THEIRS, await shared());
    target.hidden = true;
  } catch { say("The tab’s sound could not be used. Share a tab with its sound."); }
}

function hear() {
  sound.anew();
  lastSound = Date.now();
  dropped = 0;
  isHearing = true;
  if (byId("taken")) byId("taken").textContent = "";
}

async function begin(form) {
  byId("notices").innerHTML = "";
  byId("begin").disabled = true; // pressed twice, it would hear twice
  try { await hearFrom(form); } finally { byId("begin").disabled = false; }
}

async function hearFrom(form) {
  mode = form.get("mode");
  let streams;
  try {
    streams = await sources(mode);
  } catch {
    byId("notices").textContent = mode === "call"
      ? "The microphone or the tab’s sound could not be used. Share a tab with its sound, then begin again."
      : "The microphone could not be used. Allow it for this page, then begin again.";
    return;
  }
  sound = new Sound(streams, { second, gone, level: (level) => { byId("level").style.inlineSize = isHearing && !away.size ? `${Math.round(100 * Math.sqrt(level))}%` : "0"; } });
  // Before the server is told: the client's phone must not say "listening" when nothing is.
  try { await sound.start(place.dataset.worklet); } catch {
    sound.stop();
    byId("notices").textContent = "The sound could not be started, so nothing is heard. Load the page again, then begin again.";
    return;
  }
  line = new Line({ addresses: place.dataset, token, told, failed });
  try {
    await line.begin({ mode, format: form.get("format") ?? "", ...howLeft() });
  } catch (error) {
    failed(error);
    sound.stop();
    if (!error.page) byId("notices").textContent = "Holdspace could not be reached, so nothing is heard. Begin again when it can.";
    return;
  }
  sessionStorage.removeItem(LEFT);
  isRefused = false;
  byId("go-on").hidden = true;
  byId("ready").hidden = true;
  byId("running").hidden = false;
  // A pause that the client asked for while this page was away stays until she goes on.
  if (line.state !== "live" && !isPauseAsked) await line.change({ state: "live" });
  if (line.state === "live") hear();
  show();
  byId("pause").focus();
}

// Pause, off the record, or go on. The last thing she asked for counts, however late the server hears of it.
async function toggle(wanted) {
  const next = shown() === wanted ? "live" : wanted;
  if (isEnding || next === asked) return;
  asked = next;
  if (next !== "live") {
    isHearing = false;
    show();
    await line.allSent();
    if (asked !== next) return;
  }
  await taking;
  await line.change({ state: next });
  if (asked !== next) return;
  asked = null;
  if (next === "live" && line.state === "live") hear();
  show();
}

// Off the record from now on, and the last minutes with it. What only this page has never leaves it.
async function takeOut(button) {
  if (isEnding) return;
  isHearing = false;
  asked = "off";
  const seconds = 60 * button.dataset.minutes;
  const rest = seconds - line.takeOut(seconds);
  show();
  byId("taken").textContent = "";
  await line.allSent(); // what was said before; and a second on its way would arrive after its minute was taken out
  const isOut = await line.change({ ...(rest > 0 && { minutes: STRIKES.find((minutes) => 60 * minutes >= rest) }), state: "off" });
  if (asked === "off") asked = null;
  if (isOut) byId("taken").textContent = `Taken out: ${button.textContent}.`;
  else if (!line.isOver) byId("taken").textContent = `Not taken out yet: ${button.textContent}. Press it again.`;
  show();
}

async function end() {
  if (isEnding) return;
  isEnding = true;
  asked = "ending";
  byId("end").disabled = true;
  if (isHearing) await sound.flush();
  isHearing = false;
  sound.stop();
  show();
  await taking;
  await line.allSent();
  await line.change({ state: "ending", total: line.length }); // also when it was ended from elsewhere: so much there is
  await line.whenOver();
  if (isRefused) { byId("go-on").focus(); return; } // she reads why first
  location.assign(place.dataset.after);
}

// Words are on the page only while she looks at them.
async function showWords({ target }) {
  const list = byId("words-now");
  while (target.open && !isEnding) {
    try {
      const answer = await fetch(place.dataset.words, { headers: { "HX-Request": "true" }, redirect: "error" });
      if (answer.ok && target.open) { list.innerHTML = await answer.text(); list.scrollTop = list.scrollHeight; }
    } catch { /* the network is away: the line above says so */ }
    await new Promise((wake) => setTimeout(wake, WORDS_MS));
  }
  list.replaceChildren();
}

if (place) {
  byId("ready").addEventListener("submit", (event) => {
    event.preventDefault();
    begin(new FormData(event.target));
  });
  byId("begin").disabled = false; // not before it is heard
  byId("pause").addEventListener("click", () => toggle("paused"));
  byId("off")?.addEventListener("click", () => toggle("off"));
  byId("end").addEventListener("click", end);
  byId("words")?.addEventListener("toggle", showWords);
  byId("share-again")?.addEventListener("click", shareAgain);
  document.querySelectorAll("[data-minutes]").forEach((button) => button.addEventListener("click", () => { taking = takeOut(button); }));
  byId("single-keys").checked = !keysAreOff();
  byId("single-keys").addEventListener("change", ({ target }) => localStorage.setItem(KEYS_OFF, target.checked ? "0" : "1"));
  addEventListener("keydown", (event) => {
    if (byId("running").hidden || event.repeat || keysAreOff() || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    const key = event.key.toLowerCase();
    if (key === "p") toggle("paused");
    if (key === "o" && byId("off")) toggle("off");
  });
  addEventListener("pagehide", leave);
  addEventListener("beforeunload", (event) => { if (isHearing || isUnsent() || (isEnding && !line.isOver)) event.preventDefault(); });
}
