// Keys of the screening desk: j k through the queue, a to the button that admits, b to the reasons. No key decides by itself.
(() => {
  const strip = document.querySelector(".keys");
  if (strip) strip.hidden = false;
  const rows = [...document.querySelectorAll(".queue li a")];
  const here = rows.findIndex((row) => row.hasAttribute("aria-current"));
  if (here >= 0) rows[here].scrollIntoView({ block: "nearest", inline: "nearest" });

  const acts = {
    j: () => rows[here + 1]?.click(),
    k: () => rows[here - 1]?.click(),
    a: () => document.querySelector("[data-key=a] button")?.focus(),
    b: () => {
      const back = document.querySelector("details.back");
      if (!back) return;
      back.open = true;
      back.querySelector("select").focus();
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
