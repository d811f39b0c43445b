// Keys of the report desk. Queue: j k through the cases, x chooses, a takes, s takes in, / finds, u undoes. Case: a b m d n o, esc.
// Every one of them has a button or a link too; no key alone decides, rejects or destroys anything.
(() => {
  const strip = document.querySelector(".keys");
  if (strip) strip.hidden = false;
  for (const part of document.querySelectorAll("[data-live]")) part.hidden = false;
  const rows = [...document.querySelectorAll("[data-row]")];
  const help = document.querySelector("[data-help]");
  const home = strip?.dataset.home;
  let at = Math.max(-1, rows.findIndex((row) => row.hasAttribute("aria-current")));

  const step = (by) => {
    const here = rows.indexOf(document.activeElement);
    at = Math.min(rows.length - 1, Math.max(0, (here >= 0 ? here : at) + by));
    rows[at]?.focus();
    rows[at]?.scrollIntoView({ block: "nearest" });
  };
  const box = () => (document.activeElement.closest?.("tr") ?? rows[at]?.closest("tr"))?.querySelector("input[type=checkbox]");
  const into = (id, field) => {
    const part = document.getElementById(id);
    if (!part) return;
    part.scrollIntoView({ block: "start" });
    (part.querySelector(field) ?? part.querySelector("h2"))?.focus();
  };

  const queue = {
    x: () => box()?.click(),
    a: () => {
      const chosen = document.querySelector(".rd-many input:checked");
      if (!chosen) box()?.click();
      document.querySelector(".rd-many [value=take]")?.focus();
    },
    s: () => document.querySelector("[data-take] button:not([disabled])")?.click(),
    u: () => document.querySelector("[data-undo]")?.focus(),
    "/": () => document.querySelector("[data-find]")?.focus(),
  };
  const desk = {
    a: () => document.querySelector("[data-key=a]")?.focus(),
    b: () => document.querySelectorAll("[data-veil]").forEach((veil) => { veil.checked = !veil.checked; }),
    m: () => into("thread", "textarea"),
    d: () => into("decision", "input:not([type=hidden]), textarea, button"),
    n: () => into("notes", "textarea"),
    o: () => {
      const aside = document.getElementById("aside");
      if (!aside) return;
      aside.open = true;
      aside.querySelector("select").focus();
    },
    Escape: () => { if (home) location.href = home; },
  };
  const acts = { j: () => step(1), k: () => step(-1), "?": () => help?.showModal(), ...(home ? desk : document.querySelector(".rd-intake") ? queue : {}) };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help?.open) return;
    const typing = event.target.closest("textarea, select, input:not([type=checkbox]):not([type=radio])");
    if (typing) { if (event.key === "Escape") event.target.blur(); return; }
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

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

  // What was typed and not saved is not lost by a wrong click.
  const form = document.querySelector("[data-keep]");
  if (!form) return;
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
})();
