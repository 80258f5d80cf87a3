// Examples of scripts.yaml: what each rule finds (ruleid) and what it lets pass (ok). Nothing here is ever served.

async function markup(place, answer, error, client) {
  // ruleid: markup-is-made-of-text
  place.innerHTML = client.name;
  // ruleid: markup-is-made-of-text
  place.innerHTML = `<b>${(await answer.json()).text}</b>`;
  // ruleid: markup-is-made-of-text
  place.innerHTML += await answer.text();
  // ruleid: markup-is-made-of-text
  place.outerHTML = client.name;
  // ruleid: markup-is-made-of-text
  place.insertAdjacentHTML("beforeend", client.name);
  // ruleid: markup-is-made-of-text
  document.write(client.name);
  // ok: markup-is-made-of-text
  place.textContent = client.name;
  // ok: markup-is-made-of-text
  place.innerHTML = "";
  // ok: markup-is-made-of-text
  place.innerHTML = await answer.text();
  // ok: markup-is-made-of-text
  place.innerHTML = answer ? await answer.text() : "";
  // ok: markup-is-made-of-text
  place.innerHTML = error.page ?? "";
}

function code(typed) {
  // ruleid: code-is-made-of-text
  eval(typed);
  // ruleid: code-is-made-of-text
  new Function(typed)();
  // ruleid: code-is-made-of-text
  setTimeout("go()", 5);
  // ok: code-is-made-of-text
  setTimeout(() => go(), 5);
}

function messages(windows, worklet) {
  // ruleid: other-windows-are-listened-to
  window.addEventListener("message", put);
  // ruleid: other-windows-are-listened-to
  addEventListener("message", put);
  // ruleid: other-windows-are-listened-to
  window.onmessage = put;
  // ruleid: other-windows-are-listened-to
  opener.postMessage("ready", "*");
  // ok: other-windows-are-listened-to
  windows.addEventListener("message", put);
  // ok: other-windows-are-listened-to
  worklet.port.onmessage = ({ data }) => { if (data.second) take(data.second); };
}

function ways(sound, words) {
  // ruleid: something-goes-to-or-comes-from-elsewhere
  fetch("https://elsewhere.example");
  // ruleid: something-goes-to-or-comes-from-elsewhere
  navigator.sendBeacon("/x", words);
  // ruleid: something-goes-to-or-comes-from-elsewhere
  const recorder = new MediaRecorder(sound);
  // ruleid: something-goes-to-or-comes-from-elsewhere
  link.href = URL.createObjectURL(new Blob(sound));
  // ok: something-goes-to-or-comes-from-elsewhere
  fetch(place.dataset.give, { method: "POST", body: new Blob(sound) });
}

function kept(words, token) {
  // ruleid: the-browser-keeps-something
  localStorage.setItem("jottings", words);
  // ruleid: the-browser-keeps-something
  sessionStorage.setItem("capture", words);
  // ruleid: the-browser-keeps-something
  localStorage.setItem(KEYS_OFF, words);
  // ruleid: the-browser-keeps-something
  localStorage.jottings = words;
  // ruleid: the-browser-keeps-something
  sessionStorage["jottings"] = words;
  // ruleid: the-browser-keeps-something
  indexedDB.open("record");
  // ruleid: the-browser-keeps-something
  document.cookie = `words=${words}`;
  // ok: the-browser-keeps-something
  localStorage.setItem(KEYS_OFF, toggle.checked ? "0" : "1");
  // ok: the-browser-keeps-something
  sessionStorage.setItem("capture", token);
  // ruleid: the-browser-keeps-something
  sessionStorage.setItem(LEFT, JSON.stringify({ begin: place.dataset.begin, recorded: line.queue, at: isHearing ? lastSound : 0 }));
  // ok: the-browser-keeps-something
  sessionStorage.setItem(LEFT, JSON.stringify({ begin: place.dataset.begin, recorded: line.length, at: isHearing ? lastSound : 0 }));
  // ok: the-browser-keeps-something
  localStorage.getItem(KEYS_OFF);
}

function logged(words) {
  // ruleid: the-browser-logs-something
  console.log(words);
  // ruleid: the-browser-logs-something
  console.debug("heard", words);
  // ok: the-browser-logs-something
  say(words);
}

async function keys(told, answer, given) {
  // ruleid: keys-come-from-outside
  Object.assign(told, JSON.parse(given));
  // ruleid: keys-come-from-outside
  for (const key in given) told[key] = given[key];
  // ruleid: keys-come-from-outside
  told.__proto__ = given;
  // ok: keys-come-from-outside
  for (const name of ["signature", "userHandle"]) told[name] = given[name];
}
