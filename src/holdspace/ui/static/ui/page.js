// What every page does: tell a screen reader what happened, move the focus where the work goes on.

const said = () => document.getElementById("said");

// A fragment may carry data-said: words for those who cannot see it change.
document.addEventListener("htmx:afterSettle", (event) => {
  const words = event.detail.elt?.closest?.("[data-said]")?.dataset.said;
  if (words && said()) said().textContent = words;
});

// A request that never reached Holdspace has no page of its own to show.
document.addEventListener("htmx:sendError", () => {
  const place = document.getElementById("notices");
  const notice = document.createElement("div");
  notice.className = "notice notice-stop";
  const what = document.createElement("strong");
  what.textContent = "Holdspace does not answer.";
  const then = document.createElement("p");
  then.textContent = "What you typed is still on this page. Start Holdspace again, then try once more.";
  notice.append(what, then);
  place.replaceChildren(notice);
  place.scrollIntoView({ block: "center" });
});

// An error that answers something done further down the page must be seen.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id === "notices") event.detail.target.scrollIntoView({ block: "center" });
});

// A working button is not pressed twice.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && event.target.method === "post" && !("download" in event.target.dataset) && !event.target.hasAttribute("hx-post") && !button.hasAttribute("hx-post")) {
    setTimeout(() => { button.disabled = true; });
  }
});
addEventListener("pageshow", () => { for (const button of document.querySelectorAll("button:disabled:not([data-off])")) button.disabled = false; });

// A page made for paper has a button for it.
document.addEventListener("click", (event) => { if (event.target.closest("button[name=print]")) print(); });
