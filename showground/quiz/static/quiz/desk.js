// Keys of the quiz desk. Lists: / to find, j k through the rows. The sheet: alt + arrows to the row above or below, alt l to the
// other language, alt k sets the key, alt p previews, alt s saves. Every one of them has a button or a link too.
(() => {
  const strip = document.querySelector(".keys");
  if (strip) strip.hidden = false;
  const sheet = document.querySelector("[data-sheet]");
  const rows = [...document.querySelectorAll("[data-row]")];

  const step = (by) => {
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(rows.length - 1, Math.max(0, at + by))]?.focus();
  };
  const plain = { "/": () => document.querySelector("[data-find]")?.focus(), j: () => step(1), k: () => step(-1) };

  const fields = (row) => [...row.querySelectorAll(":scope > .q-cell textarea, :scope > .q-cell input[type=text]")];
  const toRow = (by) => {
    const all = [...sheet.querySelectorAll(".q-row")];
    const here = document.activeElement.closest?.(".q-row");
    const column = here ? Math.max(0, fields(here).indexOf(document.activeElement)) : 0;
    const next = all[all.indexOf(here) + by] ?? all[here ? all.indexOf(here) : 0];
    const goal = fields(next);
    (goal[column] ?? goal[0])?.focus();
  };
  const withAlt = {
    ArrowUp: () => toRow(-1),
    ArrowDown: () => toRow(1),
    l: () => {
      const here = document.activeElement.closest?.(".q-row, .pair");
      const pair = here ? [...here.querySelectorAll("textarea, input[type=text]")].filter((one) => one.lang) : [];
      pair[pair.indexOf(document.activeElement) ^ 1]?.focus();
    },
    k: () => document.activeElement.closest?.(".q-row")?.querySelector(".q-mark input")?.click(),
    p: () => document.querySelector("[data-act=preview]")?.click(),
    s: () => document.querySelector("[data-act=save]")?.click(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const typing = event.target.closest("input, textarea, select");
    const act = event.altKey ? sheet && withAlt[event.code.startsWith("Key") ? event.code[3].toLowerCase() : event.key] : !typing && rows.length && plain[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // What was typed and not saved is not lost by a wrong click.
  if (!sheet) return;
  let changed = false;
  sheet.addEventListener("input", () => { changed = true; });
  sheet.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target) (fields(target)[0] ?? target).focus();
})();
