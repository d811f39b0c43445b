// The report desk's pages, beyond plain HTML: the quick way out, a little work before sending, nothing typed is lost to a broken line
// or a wrong tap, pasted pictures, the code compared with the note, the booth's clock.
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

  // ---- calling for help never asks whether one means to leave ----
  document.addEventListener("click", (event) => {
    if (!event.target.closest('a[href^="tel:"]')) return;
    leaving = true;
    setTimeout(() => { leaving = false; }, 2000);
  });

  // ---- a page that answered a form gets an address of its own: Back, Forward and Reload never end at the browser's "send again?" ----
  // At a booth, whoever comes next finds no page of the last one by going back.
  const { here, kiosk, closes } = document.body.dataset;
  const answered = performance.getEntriesByType("navigation")[0] || {};
  if (here && (kiosk || answered.responseStatus === 200)) history.replaceState(null, "", here);
  const forget = () => { if (kiosk) history.replaceState(null, "", kiosk); };
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && (kiosk || closes)) { leaving = true; location.replace(kiosk || closes); }
  });

  // ---- the line is tried before a page with something typed on it is given up; broken, the page stays and says so ----
  const PATIENCE = 10000;
  const reached = () => {
    const signal = window.AbortSignal && AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : undefined;
    return fetch($("link[rel=icon]").href, { method: "HEAD", cache: "no-store", signal }).then(() => true, () => false);
  };
  const stay = (form, button, words) => {
    leaving = false;
    if (button) { button.removeAttribute("aria-busy"); button.textContent = words; }
    delete form.dataset.sent;
    let said = form.querySelector(".broke");
    if (!said) form.querySelector(".form-end").before(said = Object.assign(document.createElement("div"), { className: "notice broke" }));
    said.setAttribute("role", "alert");
    said.textContent = form.dataset.broke || document.body.dataset.broke;
  };
  for (const one of document.querySelectorAll("form[data-hold], #tell:not([data-challenge])")) {
    one.addEventListener("submit", async (event) => {
      const button = event.submitter, words = button && button.textContent;
      if (one.dataset.sent || one.dataset.tried === "there") { delete one.dataset.tried; return; }
      event.preventDefault();
      event.stopPropagation();
      if (one.dataset.tried) return;
      one.dataset.tried = "asking";
      if (button) button.setAttribute("aria-busy", "true");
      if (!await reached()) { delete one.dataset.tried; stay(one, button, words); return; }
      one.dataset.tried = "there";
      one.requestSubmit(button);
    });
  }

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
      const button = form.querySelector("[data-send]"), words = button.textContent;
      if (button.getAttribute("aria-busy")) return;
      button.setAttribute("aria-busy", "true");
      button.textContent = task.busy;
      const number = await solving;
      if (!await reached()) { stay(form, button, words); return; }
      const solved = { algorithm: task.algorithm, challenge: task.challenge, number, salt: task.salt, signature: task.signature };
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: "altcha", value: number >= 0 ? btoa(JSON.stringify(solved)) : "" });
      form.append(field);
      form.submit();
    });
  }

  // ---- pictures: chosen one after the other, pasted or dropped into the one field; what is too much is said before it is sent ----
  const files = $("#files"), words = $("#words, #id_words");
  if (files && words && window.DataTransfer) {
    const line = $(".add-file span"), list = $(".chosen"), left = $("[data-left]");
    const { many, each, all } = files.dataset;
    let chosen = [];
    const item = (file) => {
      const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
      box.addEventListener("change", () => { chosen = chosen.filter((one) => one !== file); left.textContent = ""; show(); files.focus(); });
      const label = Object.assign(document.createElement("label"), { className: "choice" });
      label.append(box, Object.assign(document.createElement("span"), { textContent: list.dataset.added.replace("{name}", file.name) }));
      const entry = document.createElement("li");
      entry.append(label);
      return entry;
    };
    const show = () => {
      const now = new DataTransfer();
      for (const file of chosen) now.items.add(file);
      files.files = now.files;
      line.textContent = chosen.length ? line.dataset.some.replace("{n}", chosen.length) : line.dataset.none;
      list.replaceChildren(...chosen.map(item));
      list.hidden = !chosen.length;
    };
    const fits = (file) => chosen.length + document.querySelectorAll("[name=waiting]:checked").length < many
      && file.size <= each && chosen.reduce((sum, one) => sum + one.size, file.size) <= all;
    const there = (file) => chosen.some((one) => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified);
    const add = (more) => {
      const out = [];
      for (const file of [...more].filter((one) => !there(one))) {
        if (fits(file)) chosen.push(file); else out.push(file.name);
      }
      left.textContent = out.length ? left.dataset.left.replace("{names}", out.join(", ")) : "";
      show();
      return more.length > 0;
    };
    if (files.files.length) add(files.files);
    files.addEventListener("change", () => add(files.files));
    words.addEventListener("paste", (event) => { if (add(event.clipboardData.files)) event.preventDefault(); });
    words.addEventListener("dragover", () => words.classList.add("over"));
    words.addEventListener("dragleave", () => words.classList.remove("over"));
    words.addEventListener("drop", (event) => { words.classList.remove("over"); if (add(event.dataTransfer.files)) event.preventDefault(); });
  }

  // ---- what is typed or chosen is not lost by a wrong tap, nor by the button of another form ----
  const typed = (but) => [...document.querySelectorAll("main textarea")].some((one) => one.form !== but && one.value.trim());
  const added = (but) => (files && files.form !== but && files.files.length) || (form && form !== but && $("[name=waiting]"));
  for (const one of document.forms) one.addEventListener("submit", () => { leaving = !typed(one) && !added(one); });
  window.addEventListener("beforeunload", (event) => {
    if (leaving || !(typed() || added())) return;
    event.preventDefault();
    setTimeout(() => { // who stays can press again
      for (const one of document.querySelectorAll("form[data-sent]")) {
        delete one.dataset.sent;
        one.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
      }
    }, 100);
  });

  // ---- the code: nobody loses it by a wrong tap ----
  const kept = $("[data-kept]");
  if (kept) {
    window.addEventListener("beforeunload", (event) => { if (!kept.checked && !leaving) event.preventDefault(); });
  }
  for (const one of document.querySelectorAll("[data-again]")) { // a file is saved, the page stays
    one.addEventListener("submit", () => {
      leaving = true;
      setTimeout(() => { leaving = false; delete one.dataset.sent; one.querySelector("button").removeAttribute("aria-busy"); }, 1500);
    });
  }

  const gate = $("form[data-reload]");
  if (gate && gate.elements.of.value) { // Reload shows this code again, as long as this browser holds it: that is asked before
    const again = `${gate.action}?of=${gate.elements.of.value}`;
    fetch(again, { method: "HEAD", redirect: "manual", cache: "no-store" }).then((told) => { if (told.ok) history.replaceState(null, "", again); }, () => {});
  }

  // ---- the note is compared with the code, group by group, on this page only ----
  const check = $("[data-check]");
  if (check) {
    const note = check.querySelector("input"), line = check.querySelector("[role=status]");
    const parts = [...document.querySelectorAll(".groups span")], names = line.dataset.groups.split("|");
    const digits = (text) => text.normalize("NFKC").replace(/\D/g, "");
    check.hidden = false;
    note.addEventListener("input", () => {
      const typed = digits(note.value), right = check.dataset.check;
      const wrong = [...typed].findIndex((one, n) => one !== right[n]);
      parts.forEach((part, n) => part.classList.toggle("same", typed.slice(4 * n, 4 * n + 4) === right.slice(4 * n, 4 * n + 4)));
      line.textContent = typed === right ? line.dataset.right : wrong < 0 ? "" : line.dataset.part.replace("{n}", names[Math.min(4, Math.floor(wrong / 4))]);
      if (typed === right) kept.checked = true;
    });
  }

  // ---- waiting for one's turn ----
  const waiting = $("form[data-wait]");
  const turn = async () => {
    if (!await reached()) { setTimeout(turn, 2000); return; }
    forget();
    waiting.submit();
  };
  if (waiting) setTimeout(turn, (Number(waiting.dataset.wait) + 0.6) * 1000);

  // ---- a booth clears itself ----
  const { idle, idleSays } = document.body.dataset;
  if (kiosk) {
    for (const one of document.querySelectorAll("form.gate")) one.addEventListener("submit", forget);
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
  // The page of one report does not stay open on a phone that was put down.
  let touched = performance.now();
  for (const sign of ["pointerdown", "keydown", "input"]) window.addEventListener(sign, () => { touched = performance.now(); }, { passive: true });
  if (closes) setInterval(() => { if (performance.now() - touched > 20 * 60 * 1000) { leaving = true; location.replace(closes); } }, 5000);
  const said = $("#said");
  if (said) said.focus();
})();
