// Takes twenty seconds of her voice, sends them once, and overwrites them.

import { Sound, microphone } from "./sound.js";

const NEEDED = 20;
const place = document.getElementById("voice");
const byId = (id) => document.getElementById(id);
let seconds = [];

async function read() {
  byId("read").disabled = true;
  let sound;
  let isGone = false;
  try {
    sound = new Sound([await microphone()], {
      gone: () => {
        isGone = true;
        sound.stop();
        again("The microphone was unplugged. Begin again.");
      },
      level: (level) => { byId("level").style.inlineSize = `${Math.round(100 * Math.sqrt(level))}%`; },
      second: (buffer) => {
        if (isGone || seconds.length >= NEEDED) { new Uint8Array(buffer).fill(0); return; }
        seconds.push(new Uint8Array(buffer));
        byId("so-far").value = seconds.length;
        if (seconds.length === NEEDED) { sound.stop(); give(); }
      },
    });
    byId("reading").hidden = false;
    await sound.start(place.dataset.worklet);
    byId("line").textContent = "Reading. It stops by itself after twenty seconds.";
  } catch {
    sound?.stop();
    again("The microphone could not be used. Allow it for this page, then begin again.");
  }
}

// Nothing is left of the part that was read.
function again(why) {
  forget();
  byId("so-far").value = 0;
  byId("line").textContent = why;
  byId("reading").hidden = true;
  byId("read").disabled = false;
}

function forget() {
  seconds.forEach((second) => second.fill(0));
  seconds = [];
}

async function give() {
  byId("line").textContent = "Taking your voice from it.";
  const answer = await fetch(place.dataset.give, {
    method: "POST", body: new Blob(seconds), credentials: "same-origin", redirect: "error",
    headers: { "X-CSRFToken": place.dataset.csrf, "HX-Request": "true", "Content-Type": "application/octet-stream" },
  }).catch(() => null);
  forget();
  if (answer?.ok) { location.assign(place.dataset.after); return; }
  byId("notices").innerHTML = answer ? await answer.text() : "";
  again(answer ? "" : "Holdspace does not answer. Begin again.");
}

byId("read").addEventListener("click", read);
byId("read").disabled = false;
