// The session page: a file dropped anywhere on the frame is chosen, unsaved jottings are not lost, and the way to a
// finished note takes the focus.

const drop = document.querySelector(".drop");
if (drop) {
  const input = drop.querySelector("input[type=file]");
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("is-over", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  }
}

const pad = document.getElementById("jottings");
const state = document.getElementById("jottings-state");
let isDirty = false;
let sent = "";
pad?.addEventListener("input", () => { isDirty = true; state.textContent = "Not saved yet"; });
pad?.form.addEventListener("htmx:beforeRequest", () => { sent = pad.value; });

// What is saved may have more than was sent: it comes into the pad, unless she typed on. Then the next save, which knows
// what she began with, brings both.
pad?.form.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) return;
  const saved = document.getElementById("jottings-saved")?.value;
  const { before } = pad.form.elements;
  before.value = sent;
  isDirty = pad.value !== sent;
  if (isDirty || saved === undefined || saved === sent) return;
  const { selectionStart, selectionEnd } = pad;
  let same = 0;
  while (same < sent.length && sent[same] === saved[same]) same += 1;
  pad.value = before.value = saved;
  pad.setSelectionRange(Math.min(selectionStart, same), Math.min(selectionEnd, same));
});
addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });

let wasGoing = false;
document.addEventListener("htmx:afterSettle", () => {
  const isGoing = Boolean(document.querySelector("#drafting progress"));
  if (wasGoing && !isGoing) document.querySelector("#drafting [data-go]")?.focus();
  wasGoing = isGoing;
});
wasGoing = Boolean(document.querySelector("#drafting progress"));
