// The page that hears a session, or a dictation. It shows that it hears, never what.

import { Line } from "./line.js";
import { Sound, sources } from "./sound.js";

const BEHIND_S = 35;        // a long sentence is understood when it ends: less than this is no delay
const SLEPT_MS = 5000;
const place = document.getElementById("capture");
const byId = (id) => document.getElementById(id);
const words = {
  live: "Listening", paused: "Paused. Nothing is heard.", off: "Off the record. Nothing is heard.",
  ending: "Understanding the last words", ended: "Ended",
};
// Which browser this is, so that a reloaded page goes on at once. Of the session itself nothing is stored.
const token = sessionStorage.getItem("capture") ?? crypto.randomUUID();
sessionStorage.setItem("capture", token);

let mode;
let line;
let sound;
let isHearing = false;      // whether seconds are taken; false at once when she says so, whatever the network does
let isEnding = false;
let lastSound = 0;

const say = (text) => { if (byId("line").textContent !== text) byId("line").textContent = text; };
const clock = (s) => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;

function show(state = line.state) {
  byId("clock").textContent = clock(line.length);
  byId("listening").textContent = words[state];
  byId("running").dataset.state = state;
  byId("pause").setAttribute("aria-pressed", state === "paused");
  byId("off")?.setAttribute("aria-pressed", state === "off");
}

function told(answer) {
  if (answer.state !== "live" && !isEnding) isHearing = false;
  if (answer.state === "ending" && !isEnding) end();
  if (answer.asked) say("Your client asked for a pause.");
  else if (line.sent < line.length - 3 && answer.behind === 0) say("Sending what the server has not heard yet.");
  else if (answer.lost) say(`${answer.lost} s could not be heard: they were gone with a reloaded page and a server that stopped.`);
  else if (lastSound && isHearing && performance.now() - lastSound > SLEPT_MS) say("No sound arrives from the microphone. Is it plugged in?");
  else say(answer.behind > BEHIND_S ? `Hearing is ${answer.behind} s behind. Nothing is lost; it catches up.` : "");
  if (byId("code") && answer.code) { byId("code").textContent = answer.code; byId("for-client").hidden = false; }
  if (!isEnding) show();
}

function failed(error) {
  if (isEnding && error.status === 409) return;
  byId("notices").innerHTML = error.page ?? "";
  if (!error.page) say(`The network is away. ${line.queue.length} s are kept in this page and sent when it is back.`);
  if (error.status === 409) { sound?.stop(); show("ended"); }
}

function second(buffer) {
  if (!isHearing) { new Uint8Array(buffer).fill(0); return; }
  const now = performance.now();
  const missed = lastSound ? Math.round((now - lastSound) / 1000) - 1 : 0;
  if (missed * 1000 > SLEPT_MS) line.change({ gap: missed });
  lastSound = now;
  line.push(buffer);
  show();
}

async function gone() {
  if (isEnding || !byId("running").offsetParent) return;
  say("The microphone was unplugged, or sharing was stopped. What was heard is kept.");
  // The system's next microphone takes its place; without one this is tried until there is.
  while (!isEnding) {
    try {
      await sound.replace(await sources(mode));
      await sound.start(place.dataset.worklet);
      return;
    } catch { await new Promise((wake) => setTimeout(wake, 2000)); }
  }
}

async function begin(form) {
  byId("notices").innerHTML = "";
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
  sound = new Sound(streams, { second, gone, level: (level) => { byId("level").style.inlineSize = isHearing ? `${Math.round(100 * Math.sqrt(level))}%` : "0"; } });
  line = new Line({ addresses: place.dataset, csrf: place.dataset.csrf, token, told, failed });
  try {
    await line.begin({ mode, format: form.get("format") ?? "" });
  } catch (error) { failed(error); sound.stop(); return; }
  await sound.start(place.dataset.worklet);
  byId("ready").hidden = true;
  byId("running").hidden = false;
  if (line.state !== "live") await line.change({ state: "live" });
  isHearing = true;
  show();
  byId("pause").focus();
}

async function toggle(wanted) {
  if (isEnding) return;
  if (line.state === wanted) {
    await line.change({ state: "live" });
    sound.anew();
    lastSound = 0;
    isHearing = line.state === "live";
    return;
  }
  isHearing = false;
  show(wanted);
  await line.allSent();
  await line.change({ state: wanted });
}

async function end() {
  if (isEnding) return;
  isEnding = true;
  byId("end").disabled = true;
  if (isHearing) await sound.flush();
  isHearing = false;
  sound.stop();
  show("ending");
  if (line.state === "live") await line.allSent();
  if (line.state !== "ending") await line.change({ state: "ending", total: line.length });
  await line.whenOver();
  location.assign(place.dataset.after);
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
  document.querySelectorAll("[data-minutes]").forEach((button) => button.addEventListener("click", async () => {
    isHearing = false;
    line.takeBack();
    await line.change({ minutes: button.dataset.minutes, state: "off" });
    byId("said").textContent = `Taken out: ${button.textContent}.`;
  }));
  addEventListener("keydown", (event) => {
    if (byId("running").hidden || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
    if (event.key === "p") toggle("paused");
    if (event.key === "o" && byId("off")) toggle("off");
  });
  addEventListener("beforeunload", (event) => { if (isHearing || (isEnding && !line.isOver)) event.preventDefault(); });
}
