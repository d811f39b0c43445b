// A page of the desk that nobody touches: a word a minute ahead, then what it shows is taken off the page and the passphrase asked for.
// The server forgets the key by itself (actions/keys.py: lock_idle); this page only follows, and keeps unsaved words while it waits.
(() => {
  const watch = document.querySelector("[data-watch]");
  const main = document.getElementById("main");
  if (!watch || !main) return;
  const { awake, soon, back, title, wrong } = watch.dataset;
  const says = watch.querySelector("[data-says]");
  const token = watch.querySelector("form[hidden] [name=csrfmiddlewaretoken]").value;
  const AHEAD = 60, TELL = 30; // seconds: the word before it locks; how often the server hears that somebody is there
  let until = Date.now() + 1000 * Number(watch.dataset.left);
  let told = Date.now(), touched = false, asking = false, kept = null, was = null, named = "";

  const left = () => (until - Date.now()) / 1000;
  const say = (words) => { if (says.textContent !== words) says.textContent = words; };
  const stays = () => { if (says.textContent === soon) say(""); }; // what else is said there has a time of its own
  const ask = async (method) => {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch(awake, { method, headers: { "X-CSRFToken": token }, redirect: "error" });
      if (answer.ok) until = Date.now() + 1000 * (await answer.json()).left;
      else if (answer.status === 403) until = 0;
    } catch { /* without the network this page's own clock goes on */ }
    asking = false;
  };
  const tell = () => { touched = false; told = Date.now(); return ask("POST"); };

  const cover = () => {
    was = document.activeElement;
    named = document.title;
    kept = document.createDocumentFragment();
    kept.append(...main.childNodes);
    main.append(watch.querySelector("template").content.cloneNode(true));
    document.title = title;
    document.querySelectorAll("dialog[open]").forEach((one) => one.close());
    main.querySelector("[data-unlock]").addEventListener("submit", unlock);
    main.querySelector("input[type=password]").focus();
    say("");
  };
  const uncover = () => {
    if (kept.querySelector("[hx-trigger]")) { location.reload(); return; } // a queue that takes in by itself begins anew
    main.replaceChildren(kept);
    kept = null;
    document.title = named;
    if (was && main.contains(was)) was.focus(); else main.focus();
    say(back);
    setTimeout(() => { if (says.textContent === back) say(""); }, 8000);
  };
  const unlock = async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const form = event.target, button = form.querySelector("button");
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    let why = wrong;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
      if (answer.type === "opaqueredirect") { await ask("GET"); if (left() > 0) { uncover(); return; } }
      else why = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".errors p")?.textContent ?? wrong;
    } catch { /* said below */ }
    button.removeAttribute("aria-busy");
    const line = main.querySelector(".errors");
    line.hidden = false;
    line.querySelector("p").textContent = why.trim();
    form.querySelector("input[type=password]").select();
  };

  // Whoever is there is there; while it is locked no key of the page does anything.
  const here = () => {
    if (kept) return;
    touched = true;
    if (left() <= AHEAD || Date.now() - told > 1000 * TELL) tell();
  };
  for (const sign of ["pointerdown", "keydown", "input", "wheel"]) window.addEventListener(sign, here, { passive: true });
  window.addEventListener("keydown", (event) => { if (kept) event.stopImmediatePropagation(); }, true);

  const look = async () => {
    if (kept) return;
    if (left() > AHEAD) { stays(); return; }
    if (touched) await tell();
    else if (left() <= 0 || !says.textContent) await ask("GET"); // in another tab somebody may be at work
    if (kept) return;
    if (left() <= 0) cover();
    else if (left() <= AHEAD) say(soon);
    else stays();
  };
  setInterval(look, 1000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
})();
