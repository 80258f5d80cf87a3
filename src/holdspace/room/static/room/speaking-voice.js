// Takes twenty seconds of her voice, sends them once, and overwrites them.

import { Sound, microphone } from "./sound.js";

const NEEDED = 20;
const place = document.getElementById("voice");
const byId = (id) => document.getElementById(id);
let seconds = [];

async function read() {
  byId("read").disabled = true;
  let sound;
  try {
    sound = new Sound([await microphone()], {
      gone: () => { byId("line").textContent = "The microphone was unplugged. Begin again."; },
      level: (level) => { byId("level").style.inlineSize = `${Math.round(100 * Math.sqrt(level))}%`; },
      second: (buffer) => {
        if (seconds.length >= NEEDED) return;
        seconds.push(new Uint8Array(buffer));
        byId("so-far").value = seconds.length;
        if (seconds.length === NEEDED) { sound.stop(); give(); }
      },
    });
    byId("reading").hidden = false;
    await sound.start(place.dataset.worklet);
    byId("line").textContent = "Reading. It stops by itself after twenty seconds.";
  } catch {
    byId("line").textContent = "The microphone could not be used. Allow it for this page, then begin again.";
    byId("read").disabled = false;
  }
}

async function give() {
  byId("line").textContent = "Taking your voice from it.";
  const answer = await fetch(place.dataset.give, {
    method: "POST", body: new Blob(seconds), credentials: "same-origin", redirect: "error",
    headers: { "X-CSRFToken": place.dataset.csrf, "HX-Request": "true", "Content-Type": "application/octet-stream" },
  }).catch(() => null);
  seconds.forEach((second) => second.fill(0));
  seconds = [];
  if (answer?.ok) { location.assign(place.dataset.after); return; }
  byId("notices").innerHTML = answer ? await answer.text() : "";
  byId("line").textContent = answer ? "" : "Holdspace does not answer. Begin again.";
  byId("reading").hidden = true;
  byId("read").disabled = false;
}

byId("read").addEventListener("click", read);
byId("read").disabled = false;
