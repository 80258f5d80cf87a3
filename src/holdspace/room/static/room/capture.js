// Hears a session. Seconds of sound are numbered, sent, and kept in this page's memory until the server says they are
// understood; then they are overwritten. Nothing is stored in the browser. A lost network or a server that starts anew
// only makes the queue longer: what is not understood is sent again from where the server asks for it.

const RETRY_MS = 1000;
const BEHIND_S = 15;
const place = document.getElementById("capture");
const byId = (id) => document.getElementById(id);
// Which browser this is, so that a reloaded page goes on at once. Of the session itself nothing is stored.
const token = sessionStorage.getItem("capture") ?? crypto.randomUUID();
sessionStorage.setItem("capture", token);
const words = {
  live: "Listening", paused: "Paused. Nothing is heard.", off: "Off the record. Nothing is heard.",
  ending: "Understanding the last words", ended: "Ended",
};

let state = "live";
let first = 0;              // number of the second at the head of the queue
let queue = [];             // seconds not yet understood, as ArrayBuffers
let sent = 0;               // number of the second to send next
let streams = [];
let context;
let node;
let lastSound = 0;
let wanted = 0;             // the second the server asks for

const table = new Uint32Array(256).map((_, n) => { for (let k = 0; k < 8; k += 1) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n; });
const crc32 = (bytes) => { let crc = ~0; for (const byte of bytes) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8); return ~crc >>> 0; };

async function post(address, body, headers = {}) {
  const answer = await fetch(address, {
    method: "POST", body, credentials: "same-origin", redirect: "error",
    headers: { "X-CSRFToken": place.dataset.csrf, "HX-Request": "true", "X-Capture": token, ...headers },
  });
  if (!answer.ok) {
    const error = new Error(String(answer.status));
    error.status = answer.status;
    error.page = await answer.text();
    throw error;
  }
  return answer.json();
}

function complain(error) {
  byId("notices").innerHTML = error.page ?? "";
  if (!error.page) say(`The network is away. ${queue.length} s are kept in this page and sent when it is back.`);
}

function say(text) { if (byId("line").textContent !== text) byId("line").textContent = text; }

function show() {
  const heard = first + queue.length;
  byId("clock").textContent = `${Math.floor(heard / 60)}:${String(heard % 60).padStart(2, "0")}`;
  byId("listening").textContent = words[state];
  byId("running").dataset.state = state;
  byId("pause").setAttribute("aria-pressed", state === "paused");
  byId("off").setAttribute("aria-pressed", state === "off");
}

function understood(until) {
  while (first < until && queue.length) {
    new Uint8Array(queue.shift()).fill(0);
    first += 1;
  }
  if (!queue.length) first = Math.max(first, until);
}

function told(line) {
  // What was said while paused or off the record must not ride along in the second that was being filled.
  if (line.state === "live" && state !== "live") node?.port.postMessage("anew");
  state = line.state;
  understood(line.heard);
  wanted = line.next;
  sent = Math.max(first, wanted);
  if (sent < first + queue.length - 3 && line.behind === 0) say("Sending what the server has not heard yet.");
  else if (line.lost) say(`${line.lost} s could not be heard: they were gone with a reloaded page and a server that stopped.`);
  else say(line.behind > BEHIND_S ? `Hearing is ${line.behind} s behind. Nothing is lost; it catches up.` : "");
  show();
}

async function sending() {
  while (state !== "ended") {
    const at = sent - first;
    if (state !== "live" || at >= queue.length) {
      await new Promise((wake) => setTimeout(wake, 200));
      if (state === "live" && performance.now() - lastSound > 4000 && lastSound) {
        say("No sound arrives from the microphone. Is it plugged in?");
      }
      continue;
    }
    const second = new Uint8Array(queue[at]);
    try {
      if (wanted < first) await change({ lost: first });
      const address = `${place.dataset.sound}?number=${sent}&checksum=${crc32(second)}`;
      told(await post(address, second, { "Content-Type": "application/octet-stream" }));
    } catch (error) {
      complain(error);
      if (error.status === 409) { stop(); return; }
      await new Promise((wake) => setTimeout(wake, RETRY_MS));
    }
  }
}

async function change(fields) {
  try { told(await post(place.dataset.state, new URLSearchParams(fields))); } catch (error) { complain(error); }
}

async function microphone() {
  return navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: true } });
}

async function sources(mode) {
  const own = await microphone();
  if (mode === "room") return [own];
  const shared = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: true });
  shared.getVideoTracks().forEach((track) => track.stop());
  if (!shared.getAudioTracks().length) throw new Error("no sound shared");
  return [own, shared];
}

async function begin(mode, format) {
  byId("notices").innerHTML = "";
  try {
    streams = await sources(mode);
  } catch {
    byId("notices").textContent = mode === "room"
      ? "The microphone could not be used. Allow it for this page, then begin again."
      : "The microphone or the tab’s sound could not be used. Share a tab with its sound, then begin again.";
    return;
  }
  let line;
  try {
    line = await post(place.dataset.begin, new URLSearchParams({ mode, format, token }));
  } catch (error) { complain(error); release(); return; }
  first = line.next; // what came before is the server's already
  await hear(streams);
  byId("ready").hidden = true;
  byId("running").hidden = false;
  told(line);
  if (state !== "live") await change({ state: "live" });
  byId("pause").focus();
  sending();
}

async function hear(given) {
  context = new AudioContext({ sampleRate: 16000 });
  await context.audioWorklet.addModule(place.dataset.worklet);
  node = new AudioWorkletNode(context, "seconds", {
    numberOfOutputs: 0, channelCount: given.length, channelCountMode: "explicit", channelInterpretation: "discrete",
    processorOptions: { channels: given.length },
  });
  const merged = context.createChannelMerger(given.length);
  given.forEach((stream, channel) => {
    const one = new GainNode(context, { channelCount: 1, channelCountMode: "explicit" });
    context.createMediaStreamSource(stream).connect(one).connect(merged, 0, channel);
  });
  merged.connect(node);
  node.port.onmessage = ({ data }) => {
    if (data.second && state === "live") { queue.push(data.second); lastSound = performance.now(); show(); }
    else if (data.second) new Uint8Array(data.second).fill(0);
    if (data.level !== undefined) byId("level").style.inlineSize = state === "live" ? `${Math.round(100 * Math.sqrt(data.level))}%` : "0";
  };
  given.flatMap((stream) => stream.getTracks()).forEach((track) => {
    track.addEventListener("ended", () => say("The microphone was unplugged, or sharing was stopped. What was heard is kept."));
  });
}

function release() {
  streams.flatMap((stream) => stream.getTracks()).forEach((track) => track.stop());
  context?.close();
  streams = [];
}

function stop() {
  state = "ended";
  release();
  queue.forEach((second) => new Uint8Array(second).fill(0));
  queue = [];
  show();
}

async function end() {
  byId("end").disabled = true;
  while (state === "live" && sent < first + queue.length) await new Promise((wake) => setTimeout(wake, 100));
  await change({ state: "ending" });
  release();
  location.assign(place.dataset.after);
}

if (place) {
  byId("ready").addEventListener("submit", (event) => {
    event.preventDefault();
    const form = new FormData(event.target);
    begin(form.get("mode"), form.get("format"));
  });
  const toggle = (wanted) => change({ state: state === wanted ? "live" : wanted });
  byId("pause").addEventListener("click", () => toggle("paused"));
  byId("off").addEventListener("click", () => toggle("off"));
  byId("end").addEventListener("click", end);
  document.querySelectorAll("[data-minutes]").forEach((button) => button.addEventListener("click", async () => {
    queue.splice(Math.max(0, sent - first)).forEach((second) => new Uint8Array(second).fill(0));
    await change({ minutes: button.dataset.minutes, state: "off" });
    byId("said").textContent = `Taken out: ${button.textContent}.`;
  }));
  addEventListener("keydown", (event) => {
    if (byId("running").hidden || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
    if (event.key === "p") toggle("paused");
    if (event.key === "o") toggle("off");
  });
  addEventListener("beforeunload", (event) => { if (streams.length && state === "live") event.preventDefault(); });
}
