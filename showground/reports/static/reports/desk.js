// Keys and small comforts of the report desk. Queue: j k through the cases, x chooses, a takes, s takes in, / finds, u undoes.
// Case: a b m d e n o l u c x, 1 to 8, j k, esc. Everywhere g and a number: a room. While one types, and where single letters are
// switched off, alt and the letter. Every key has a button or a link too; none decides, rejects or destroys anything by itself.
(() => {
  const strip = document.querySelector(".keys");
  if (strip) strip.hidden = false;
  for (const part of document.querySelectorAll("[data-live]")) part.hidden = false;
  const rows = [...document.querySelectorAll("[data-row]")];
  const help = document.querySelector("[data-help]");
  const home = strip?.dataset.home;
  const queue = document.querySelector(".rd-intake");
  let at = Math.max(-1, rows.findIndex((row) => row.hasAttribute("aria-current")));

  // Past the last line is the way to the next page.
  const step = (by) => {
    const here = rows.indexOf(document.activeElement);
    const to = (here >= 0 ? here : at) + by;
    const beyond = to >= rows.length ? "[rel=next]" : to < 0 && here === 0 ? "[rel=prev]" : "";
    const more = beyond && document.querySelector(`.rd-pages ${beyond}`);
    if (!more) at = Math.min(rows.length - 1, Math.max(0, to));
    const target = more || rows[at];
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
  };
  const report = (by) => rows[at + by]?.click();
  const box = () => (document.activeElement.closest?.("tr") ?? rows[at]?.closest("tr"))?.querySelector("input[type=checkbox]");
  const into = (id, ...fields) => {
    const part = document.getElementById(id);
    if (!part) return;
    part.scrollIntoView({ block: "start" });
    [...fields, "button"].map((field) => part.querySelector(field)).find(Boolean)?.focus();
  };
  const undo = () => document.querySelector("[data-undo]")?.focus();

  const inQueue = {
    x: () => box()?.click(),
    a: () => {
      const chosen = document.querySelector(".rd-many input:checked");
      if (!chosen) box()?.click();
      document.querySelector(".rd-many [value=take]")?.focus();
    },
    s: () => document.querySelector("[data-take] button:not([disabled]), [data-new]")?.click(),
    u: undo,
    "/": () => document.querySelector("[data-find]")?.focus(),
  };
  const inCase = {
    a: () => document.querySelector("[data-key=a]")?.focus(),
    b: () => document.querySelectorAll("[data-veil]").forEach((veil) => { veil.checked = !veil.checked; }),
    m: () => into("thread", "textarea"),
    d: () => into("decision", "[name=outcome]:checked", "[name=outcome]", ".rd-read"),
    e: () => document.querySelector("#decision .ink")?.focus(),
    c: () => into("cluster", ".rd-suggest [value=take]", "summary"),
    x: () => document.querySelector("#cluster .now [value=undo]")?.focus(),
    j: () => report(1),
    k: () => report(-1),
    n: () => into("notes", "textarea"),
    l: () => document.querySelector("[data-next]")?.click(),
    u: undo,
    o: () => {
      const aside = document.getElementById("aside");
      if (!aside) return;
      aside.open = true;
      aside.querySelector("select").focus();
    },
    Escape: () => { location.href = home + (sessionStorage.getItem("desk.view") ?? ""); },
  };
  for (const number of "12345678") {
    inCase[number] = () => {
      const chosen = document.querySelectorAll(".rd-decide [name=outcome]")[number - 1];
      chosen?.focus();
      chosen?.click();
    };
  }
  const ask = () => help?.showModal();
  // While one asks for a room, the strip at the foot says the numbers of all.
  const rooms = [...document.querySelectorAll(".rail a")].slice(0, 9);
  let before = [];
  const go = () => {
    if (!strip || before.length) return;
    before = [...strip.childNodes];
    strip.replaceChildren(...rooms.map((room, place) => {
      const one = document.createElement("span");
      one.append(Object.assign(document.createElement("kbd"), { textContent: place + 1 }), room.firstChild.textContent);
      return one;
    }));
  };
  const went = (key) => {
    strip.replaceChildren(...before.splice(0));
    return rooms[key - 1];
  };
  const acts = { j: () => step(1), k: () => step(-1), g: go, "?": ask, ...(home ? inCase : queue ? inQueue : {}) };

  const off = document.querySelector("[data-letters]");
  if (off) {
    off.checked = localStorage.getItem("desk.letters") === "off";
    off.addEventListener("change", () => localStorage.setItem("desk.letters", off.checked ? "off" : "on"));
  }
  for (const one of document.querySelectorAll("[data-ask]")) one.addEventListener("click", ask);

  const wanted = (event) => {
    if (event.ctrlKey || event.metaKey || help?.open) return "";
    if (event.altKey) return /^Key[A-Z]$/.test(event.code) ? event.code[3].toLowerCase() : "";
    if (event.target.closest("textarea, select, input:not([type=checkbox]):not([type=radio])")) {
      if (event.key === "Escape") event.target.blur();
      return "";
    }
    return off?.checked && event.key.length === 1 ? "" : event.key;
  };
  document.addEventListener("keydown", (event) => {
    const act = before.length ? () => went(event.key)?.click() : acts[wanted(event)];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // Back in the queue one stands where one was: the same view and page, on the same line or the one that took its place.
  if (queue) {
    const kept = new URLSearchParams(location.search);
    for (const name of [...kept.keys()]) if (!["view", "category", "page"].includes(name)) kept.delete(name);
    sessionStorage.setItem("desk.view", kept.size ? `?${kept}` : "");
    const was = JSON.parse(sessionStorage.getItem("desk.line") ?? "null");
    sessionStorage.removeItem("desk.line");
    rows.forEach((row, place) => row.addEventListener("click", () => {
      sessionStorage.setItem("desk.line", JSON.stringify([row.pathname, place]));
    }));
    if (was) {
      const same = rows.findIndex((row) => row.pathname === was[0]);
      at = same >= 0 ? same : Math.min(was[1], rows.length - 1);
      rows[at]?.focus();
    }
  }

  // The head of a case stays in sight; what comes to stand under it must know how high it is.
  const head = document.querySelector(".rd-top");
  if (head) {
    const measure = () => document.documentElement.style.setProperty("--rd-top", `${head.offsetHeight}px`);
    measure();
    addEventListener("resize", measure);
  }

  // What the last act did, or why it was not done, is where the focus is, also after the browser went to the part that the address
  // names; the page of a case says it once.
  const say = () => document.querySelector("[data-said]")?.focus();
  say();
  if (location.hash) addEventListener("load", () => requestAnimationFrame(say));
  const address = new URL(location.href);
  if (home && address.searchParams.has("did")) {
    for (const name of ["did", "other"]) address.searchParams.delete(name);
    history.replaceState(null, "", address);
  }

  // How many cases are chosen stands on the bar.
  const count = document.querySelector("[data-count]");
  const bulk = document.querySelector("[data-bulk]");
  if (bulk) {
    const words = count.textContent;
    const tell = () => {
      const chosen = document.querySelectorAll(".rd-many tbody input:checked").length;
      bulk.classList.toggle("none", !chosen);
      count.textContent = chosen ? `${words} (${chosen})` : words;
      document.querySelectorAll(".rd-many tbody tr").forEach((row) => row.classList.toggle("chosen", row.querySelector("input").checked));
    };
    document.querySelector(".rd-many").addEventListener("change", tell);
    tell();
  }

  // A template is put where one writes, after what stands there.
  for (const one of document.querySelectorAll("[data-words]")) {
    one.addEventListener("click", (event) => {
      const field = document.getElementById("message");
      event.preventDefault();
      field.value = field.value.trim() ? `${field.value.trimEnd()}\n\n${one.dataset.words}` : one.dataset.words;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
  }

  // What an outcome needs is open.
  for (const one of document.querySelectorAll(".rd-decide [name=outcome]")) {
    one.addEventListener("change", () => {
      const part = document.querySelector(`[data-for~=${one.value}]`);
      if (part) part.open = true;
    });
  }

  // A button that is pressed twice sends once; after two seconds it may be meant.
  const sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    const before = sent.get(event.target) ?? -Infinity;
    if (event.timeStamp - before < 2000) event.preventDefault();
    else sent.set(event.target, event.timeStamp);
  });

  // What was typed and not saved is not lost by a wrong click; a decision is kept by itself, three seconds after the last letter.
  const changed = new Set();
  for (const form of document.querySelectorAll("[data-keep]")) {
    form.addEventListener("input", () => changed.add(form));
    form.addEventListener("submit", () => changed.delete(form));
  }
  const other = (field) => ["radio", "checkbox"].includes(field.type)
    ? field.checked !== field.defaultChecked
    : field.type !== "select-one" && field.value !== field.defaultValue;
  window.addEventListener("beforeunload", (event) => {
    if ([...changed].some((form) => [...form.elements].some(other))) event.preventDefault();
  });

  const own = document.querySelector("form[data-self]");
  const said = document.querySelector("[data-saved]");
  if (!own || !said) return;
  let timer;
  const keep = async () => {
    const sent = new FormData(own);
    sent.set("do", "draft");
    changed.delete(own);
    try {
      const answer = await fetch(own.action, { method: "POST", body: sent, headers: { "X-Kept": "by-itself" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      said.textContent = (await answer.json()).said;
    } catch {
      changed.add(own);
      said.textContent = own.dataset.self;
    }
    said.hidden = false;
  };
  own.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(keep, 3000); });
  own.addEventListener("submit", () => clearTimeout(timer));
})();
