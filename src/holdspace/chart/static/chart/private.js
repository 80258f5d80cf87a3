// The private note's page: says what is not saved yet, and lets no typed word go by a slip.

const pad = document.getElementById("private");
const state = document.getElementById("private-state");
let isDirty = false;

pad.addEventListener("input", () => { isDirty = true; state.textContent = "Not saved yet"; });
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful || !event.detail.elt.contains(pad)) return;
  isDirty = false;
  pad.defaultValue = pad.value;
});
addEventListener("beforeunload", (event) => { if (isDirty) event.preventDefault(); });
// Words typed before the page was ready are saved too.
addEventListener("load", () => { if (pad.value !== pad.defaultValue) pad.dispatchEvent(new Event("input", { bubbles: true })); });
