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
pad?.addEventListener("input", () => { isDirty = true; state.textContent = "Not saved yet"; });
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.contains(pad) && event.detail.successful) isDirty = false;
});
addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });

let wasGoing = false;
document.addEventListener("htmx:afterSettle", () => {
  const isGoing = Boolean(document.querySelector("#drafting progress"));
  if (wasGoing && !isGoing) document.querySelector("#drafting [data-go]")?.focus();
  wasGoing = isGoing;
});
wasGoing = Boolean(document.querySelector("#drafting progress"));
