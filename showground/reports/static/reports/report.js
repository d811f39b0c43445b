// The report desk's pages, beyond plain HTML: the quick way out, a little work before sending, pasted pictures, the booth's clock.
// All of it works without this file; SPEC ALTCHA v1 for the work, which begins when the page opens (quiz/work.js, beside the page).
(() => {
  const $ = (query) => document.querySelector(query);

  // ---- away at once: the page is blank before the next one is asked for, and Back does not lead here ----
  const way = $("[data-flee]");
  let leaving = false;
  const flee = () => {
    leaving = true;
    document.documentElement.classList.add("gone");
    document.title = "…";
    location.replace(way.href);
  };
  if (way) way.addEventListener("click", (event) => { event.preventDefault(); flee(); });
  for (const one of document.querySelectorAll(".flee .keys")) one.hidden = false;
  let escaped = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !way) return;
    if (event.timeStamp - escaped < 1000) flee();
    escaped = event.timeStamp;
  });

  // ---- the proof of work ----
  const form = $("#tell") || $("#look");
  const task = form && form.dataset;
  if (task && task.challenge && window.Worker) {
    const solving = new Promise((done) => {
      const worker = new Worker(task.worker);
      worker.addEventListener("message", ({ data }) => done(data));
      worker.addEventListener("error", () => done(-1));
      worker.postMessage({ salt: task.salt, challenge: task.challenge, most: Number(task.most) });
      form.addEventListener("submit", () => setTimeout(() => done(-1), 6000), { once: true }); // a slow phone is never kept: it is sent as it is
    });
    form.addEventListener("submit", async (event) => {
      if (form.elements.altcha || (event.submitter && event.submitter.dataset.other !== undefined)) return;
      event.preventDefault();
      event.stopPropagation();
      const button = form.querySelector("[data-send]");
      if (button.getAttribute("aria-busy")) return;
      button.setAttribute("aria-busy", "true");
      button.textContent = task.busy;
      const number = await solving;
      const solved = { algorithm: task.algorithm, challenge: task.challenge, number, salt: task.salt, signature: task.signature };
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: "altcha", value: number >= 0 ? btoa(JSON.stringify(solved)) : "" });
      form.append(field);
      form.submit();
    });
  }

  // ---- pictures: chosen, pasted or dropped into the one field ----
  const files = $("#files"), words = $("#words, #id_words");
  if (files && words) {
    const line = $(".add-file span");
    const say = () => { line.textContent = files.files.length ? line.dataset.some.replace("{n}", files.files.length) : line.dataset.none; };
    const add = (more) => {
      if (!more.length) return false;
      const all = new DataTransfer();
      for (const file of [...files.files, ...more].slice(0, 5)) all.items.add(file);
      files.files = all.files;
      say();
      return true;
    };
    files.addEventListener("change", say);
    words.addEventListener("paste", (event) => { if (add(event.clipboardData.files)) event.preventDefault(); });
    words.addEventListener("dragover", () => words.classList.add("over"));
    words.addEventListener("dragleave", () => words.classList.remove("over"));
    words.addEventListener("drop", (event) => { words.classList.remove("over"); if (add(event.dataTransfer.files)) event.preventDefault(); });
  }

  // ---- the code: nobody loses it by a wrong tap ----
  const kept = $("[data-kept]");
  if (kept) {
    window.addEventListener("beforeunload", (event) => { if (!kept.checked && !leaving) event.preventDefault(); });
    for (const one of document.querySelectorAll("[data-again]")) {
      one.addEventListener("submit", () => { leaving = true; setTimeout(() => { leaving = false; delete one.dataset.sent; one.querySelector("button").removeAttribute("aria-busy"); }, 1500); });
    }
  } else {
    for (const one of document.querySelectorAll("[data-again]")) {
      one.addEventListener("submit", () => setTimeout(() => { delete one.dataset.sent; one.querySelector("button").removeAttribute("aria-busy"); }, 1500));
    }
  }

  // ---- waiting for one's turn ----
  const waiting = $("form[data-wait]");
  if (waiting) setTimeout(() => waiting.submit(), (Number(waiting.dataset.wait) + 0.6) * 1000);

  // ---- a booth clears itself ----
  const { kiosk, idle, idleSays } = document.body.dataset;
  if (kiosk) {
    const bar = $(".clearing");
    let left = Number(idle);
    const stay = () => { left = Number(idle); bar.hidden = true; };
    for (const sign of ["pointerdown", "keydown", "input", "scroll"]) window.addEventListener(sign, stay, { passive: true });
    setInterval(() => {
      left -= 1;
      if (left <= 0) { leaving = true; location.replace(kiosk); }
      else if (left <= 10) { bar.hidden = false; bar.textContent = idleSays.replace("{n}", left); }
    }, 1000);
  }
  const { closes } = document.body.dataset; // the page of one report does not stay open on a phone that was put down
  let touched = performance.now();
  for (const sign of ["pointerdown", "keydown", "input"]) window.addEventListener(sign, () => { touched = performance.now(); }, { passive: true });
  if (closes) setInterval(() => { if (performance.now() - touched > 20 * 60 * 1000) location.replace(closes); }, 5000);
  const said = $("#said");
  if (said) said.focus();
})();
