// The browser's part of a passkey: asks Holdspace what is wanted, asks the browser for it, and sends it with the form.
//
//   <form data-passkey="show" data-ask="address">, "show" one or "make" one, with an empty field `credential`.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function asked(options) {
  const wanted = { ...options, challenge: bytes(options.challenge) };
  if (options.user) wanted.user = { ...options.user, id: bytes(options.user.id) };
  for (const list of ["allowCredentials", "excludeCredentials"]) {
    if (options[list]) wanted[list] = options[list].map((known) => ({ ...known, id: bytes(known.id) }));
  }
  return wanted;
}

function answered(credential) {
  const { response } = credential;
  const given = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) given[name] = text(response[name]);
  }
  return {
    id: credential.id, rawId: text(credential.rawId), type: credential.type, response: given,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function ceremony(form) {
  const answer = await fetch(form.dataset.ask, {
    method: "POST", credentials: "same-origin", redirect: "error",
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value, "HX-Request": "true" },
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const publicKey = asked((await answer.json()).publicKey);
  const credential = form.dataset.passkey === "make"
    ? await navigator.credentials.create({ publicKey })
    : await navigator.credentials.get({ publicKey });
  return JSON.stringify(answered(credential));
}

// A button for a passkey works once this module is here.
function ready() {
  for (const button of document.querySelectorAll("form[data-passkey] button[data-off]")) button.disabled = false;
}
ready();
document.addEventListener("htmx:afterSettle", ready);
document.addEventListener("lock-shown", ready);

// Before anybody else sees the form being sent: it waits for the passkey, then is sent as any other.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.dataset.passkey || form.elements.credential.value) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const said = form.querySelector("[data-passkey-said]");
  said.textContent = "";
  try {
    form.elements.credential.value = await ceremony(form);
  } catch {
    said.textContent = "No passkey was used. Try again, or use another way.";
    return;
  }
  form.requestSubmit();
  form.elements.credential.value = ""; // what was shown counts once
}, true);
