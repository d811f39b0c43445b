// The juror's desk. Key, draft and scores are plain text in this page only; what is sent is a public key, ciphertext,
// a commitment, a signature and a copy that the notary alone can open.
import * as sealing from "./sealing.js";

const desk = document.querySelector(".jury");
const facts = JSON.parse(document.getElementById("jury-facts").textContent);
const words = desk.querySelector("[data-words]").dataset;
const token = desk.querySelector("[name=csrfmiddlewaretoken]").value;
const one = (selector, root = desk) => root.querySelector(selector);
const all = (selector, root = desk) => [...root.querySelectorAll(selector)];
const said = (sentence, told = {}) => sentence.replace(/\{(\w+)\}/g, (_, name) => told[name] ?? "");

let key = null;
let draft = { scores: {}, out: [], sealed: null };
let waitingSeal = null;

// ---- speaking with the site ----

async function send(url, value) {
  let answer;
  try {
    const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
    answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(value), credentials: "same-origin" });
  } catch {
    throw new Error(words.away);
  }
  if (answer.redirected || !(answer.headers.get("Content-Type") || "").includes("json")) throw new Error(words.signedOut);
  const told = await answer.json();
  if (!answer.ok) throw new Error(told.said || told.error);
  return told;
}

function complain(box, sentence) {
  const line = one("[data-error]", box);
  line.textContent = sentence;
  line.hidden = !sentence;
}

async function busy(button, work) {
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
    button.disabled = false;
  }
}

function step(name) {
  for (const part of all("[data-step]")) part.hidden = part.dataset.step !== name;
  const shown = one(`[data-step="${name}"]`);
  one("input:not([type=hidden]), h2", shown)?.focus({ preventScroll: true });
}

// ---- the key ----

one("[data-make]").addEventListener("submit", (event) => {
  event.preventDefault();
  const [first, second] = all("input", event.target).map((field) => field.value);
  if (first.length < 12) return complain(event.target, words.short);
  if (first !== second) return complain(event.target, words.differ);
  complain(event.target, "");
  busy(one("button", event.target), async () => {
    try {
      const made = await sealing.makeKey(facts, first);
      await send(desk.dataset.keyUrl, { vkey: made.vkey, wrapped: made.wrapped });
      [facts.vkey, facts.wrapped, key] = [made.vkey, made.wrapped, made];
      begin();
    } catch (error) {
      complain(event.target, error.message);
    }
  });
});

one("[data-open]").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = one("input", event.target);
  complain(event.target, "");
  busy(one("button", event.target), async () => {
    try {
      key = await sealing.openKey(facts, field.value);
      if (facts.draft.data) draft = { ...draft, ...(await sealing.openDraft(key, facts, facts.draft)) };
    } catch {
      key = null;
      complain(event.target, words.wrong);
      field.select();
      return;
    }
    field.value = "";
    begin();
  });
});

// ---- the draft: saved by itself, as ciphertext ----

let timer = 0, unsaved = false;

function changed() {
  unsaved = true;
  status("draft", words.saving);
  clearTimeout(timer);
  timer = setTimeout(save, 700);
}

function status(mark, sentence) {
  const line = one("[data-saved]");
  line.className = `st ${mark}`;
  line.textContent = sentence;
}

async function save() {
  const mine = JSON.stringify(draft);
  try {
    await send(desk.dataset.draftUrl, await sealing.lockDraft(key, facts, draft));
    unsaved = mine !== JSON.stringify(draft);
    const time = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date());
    if (!unsaved) status(...(asSealed() ? ["rec", words.sealedNow] : ["draft", said(words.draft, { time })]));
  } catch (error) {
    status("late", error.message === words.away ? words.unsaved : error.message);
    clearTimeout(timer);
    timer = setTimeout(save, 6000);
  }
}

window.addEventListener("online", () => { if (unsaved && key) save(); });
window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

// ---- marks ----

const criteria = facts.criteria;
const articles = all("[data-entry]");
const article = (code) => articles.find((found) => found.dataset.entry === code);
const marks = (code) => draft.scores[code] ?? {};
const out = (code) => draft.out.includes(code);
const full = (code) => !out(code) && criteria.every((criterion) => Number.isInteger(marks(code)[criterion.key]));
const sum = (code) => criteria.reduce((points, criterion) => points + marks(code)[criterion.key], 0);
const begun = (code) => Object.keys(marks(code)).length > 0;

function fill(found) {
  const code = found.dataset.entry;
  for (const field of all("[data-criterion]", found)) {
    const value = marks(code)[field.dataset.criterion];
    field.value = value ?? "";
    field.disabled = out(code);
  }
  for (const slide of all("[data-slide]", found)) {
    const value = marks(code)[slide.dataset.slide];
    slide.value = value ?? 0;
    slide.classList.toggle("blank", value === undefined);
    slide.disabled = out(code);
  }
  one("[data-abstain]", found).checked = out(code);
  tell(found);
}

function tell(found) {
  const code = found.dataset.entry;
  one("[data-sum]", found).textContent = full(code) ? sum(code) : "–";
  const mark = one(`[data-mark="${code}"]`);
  mark.className = `st ${out(code) ? "gone" : full(code) ? "draft" : begun(code) ? "work" : ""}`;
  const done = facts.works.filter((work) => full(work) || out(work)).length;
  one("[data-progress]").textContent = said(words.progress, { done, all: facts.works.length });
  const bar = one("[data-bar]");
  bar.value = done;
  bar.hidden = false;
}

function give(code, criterion, value) {
  const kept = { ...marks(code) };
  if (value === undefined) delete kept[criterion]; else kept[criterion] = value;
  draft.scores[code] = kept;
  changed();
}

for (const found of articles) {
  const code = found.dataset.entry;
  const pair = (name) => [one(`[data-criterion="${name}"]`, found), one(`[data-slide="${name}"]`, found)];
  found.addEventListener("input", (event) => {
    const { criterion, slide, abstain } = event.target.dataset;
    if (abstain !== undefined) {
      draft.out = event.target.checked ? [...draft.out, code] : draft.out.filter((other) => other !== code);
      changed();
      return fill(found);
    }
    const name = criterion ?? slide;
    if (!name) return;
    const [field, bar] = pair(name);
    const most = Number(field.max), given = slide ? bar.value : field.value;
    const right = given === "" || (/^\d+$/.test(given) && Number(given) <= most);
    field.setCustomValidity(right ? "" : said(words.range, { most }));
    field.toggleAttribute("aria-invalid", !right);
    if (!right) { field.reportValidity(); give(code, name, undefined); return tell(found); }
    if (slide) field.value = given; else bar.value = given || 0;
    bar.classList.toggle("blank", given === "");
    give(code, name, given === "" ? undefined : Number(given));
    tell(found);
  });
  found.addEventListener("submit", (event) => event.preventDefault());
  found.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.dataset.criterion) return;
    event.preventDefault();
    const fields = all("[data-criterion]", found);
    (fields[fields.indexOf(event.target) + 1] ?? one("[data-go='1']", found)).focus();
  });
}

function show(code, { quietly = false } = {}) {
  for (const found of articles) {
    found.hidden = found.dataset.entry !== code;
    if (found.hidden) all("video", found).forEach((film) => film.pause());
  }
  for (const link of all("[data-to]")) {
    if (link.dataset.to === code) { link.setAttribute("aria-current", "true"); link.scrollIntoView({ block: "nearest", inline: "center" }); }
    else link.removeAttribute("aria-current");
  }
  if (!quietly) {
    history.replaceState(null, "", `#work-${code}`);
    one("h2", article(code)).focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  }
}

const current = () => articles.find((found) => !found.hidden).dataset.entry;

function go(by) {
  const next = facts.works[facts.works.indexOf(current()) + by];
  if (next) show(next);
}

desk.addEventListener("click", (event) => {
  const link = event.target.closest("[data-to]"), button = event.target.closest("[data-go]");
  if (link) { event.preventDefault(); show(link.dataset.to); }
  if (button) go(Number(button.dataset.go));
});

document.addEventListener("keydown", (event) => {
  if (!key || !articles.length || document.querySelector("dialog[open]") || event.ctrlKey || event.metaKey) return;
  if (event.target.closest("input:not([type=checkbox]):not([type=range]), textarea, select") && !event.altKey) return;
  const by = { n: 1, p: -1 }[event.key];
  if (by) { event.preventDefault(); go(by); }
});

// ---- look over and seal ----

const dialog = one("[data-dialog]");
const finished = one("[data-done]");
const titleOf = (code) => one("h2", article(code)).textContent;

function picture(code) {
  const shown = one(".light img, .light video", article(code));
  const image = new Image();
  image.src = shown?.currentSrc && shown.tagName === "IMG" ? shown.currentSrc : shown?.poster || shown?.src || "";
  image.alt = "";
  return shown ? [image] : [];
}

function rowsOf() {
  const rows = [];
  for (const code of facts.works) {
    if (out(code)) rows.push([code, "abstain", 1]);
    else if (full(code)) for (const criterion of criteria) rows.push([code, criterion.key, marks(code)[criterion.key]]);
  }
  return rows;
}

function lookOver() {
  const ranked = facts.works.filter(full).sort((a, b) => sum(b) - sum(a));
  const open = facts.works.filter((code) => !full(code) && !out(code));
  const told = { done: ranked.length, out: draft.out.length, open: open.length };
  one("[data-counts]", dialog).textContent = said(words.counts, told);
  for (const [name, code] of [["best", ranked[0]], ["worst", ranked.at(-1)]]) {
    one(`[data-${name}]`, dialog).replaceChildren(...(code ? picture(code) : []));
    one(`[data-${name}-title]`, dialog).textContent = code ? titleOf(code) : words.none;
    one(`[data-${name}-sum]`, dialog).textContent = code ? sum(code) : "";
  }
  one("[data-sums]", dialog).replaceChildren(...ranked.map((code) => {
    const line = document.createElement("li"), name = document.createElement("span"), points = document.createElement("b");
    [name.textContent, points.textContent] = [titleOf(code), sum(code)];
    line.append(name, points);
    return line;
  }));
  const lines = one("[data-unmarked]", dialog);
  lines.hidden = !open.length;
  lines.textContent = said(words.unmarked, { works: open.map(titleOf).join(words.comma) });
  const button = one("[data-seal]", dialog);
  button.textContent = said(words.seal, { done: ranked.length });
  one("[data-sure]", dialog).checked = false;
  button.disabled = true;
  complain(dialog, "");
  dialog.showModal();
}

const asSealed = () => draft.sealed !== null && sealing.sameRows(draft.sealed.opening.scores, rowsOf());

async function seal() {
  const rows = rowsOf();
  // After a broken line the same opening goes again: it is the same sheet, not a second one.
  const opening = waitingSeal && sealing.sameRows(waitingSeal.scores, rows) ? waitingSeal : sealing.openingOf(facts, rows);
  waitingSeal = opening;
  try {
    const sheet = await sealing.sealed(key, facts, opening);
    await send(desk.dataset.sealUrl, sheet);
    draft.sealed = { opening, commit: sheet.commit, sig: sheet.sig };
    waitingSeal = null;
    await save();
    dialog.close();
    one("[data-sealed]").hidden = false;
    one("[data-sealed-said]").textContent = words.sealedSaid;
    for (const line of [one("[data-commit-now]", finished), one("[data-commit]")]) line.textContent = sheet.commit;
    finished.showModal();
  } catch (error) {
    complain(dialog, error.message);
  }
}

function saveFile() {
  const file = new Blob([`${JSON.stringify(draft.sealed, null, 1)}\n`], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = said(words.file, { juror: facts.juror });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

if (dialog) {
  const sure = one("[data-sure]", dialog), button = one("[data-seal]", dialog);
  const ready = () => { button.disabled = !sure.checked || !rowsOf().length; };
  one("[data-ask]").addEventListener("click", lookOver);
  sure.addEventListener("input", ready);
  one("[data-back]", dialog).addEventListener("click", () => dialog.close());
  button.addEventListener("click", () => busy(button, seal).then(ready));
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.shiftKey && !button.disabled) { event.preventDefault(); button.click(); }
  });
  one("[data-file]", finished).addEventListener("click", saveFile);
  one("[data-close]", finished).addEventListener("click", () => finished.close());
}

// ---- begin ----

function begin() {
  if (!facts.works.length) return step("wait");
  const asked = location.hash.replace("#work-", "");
  articles.forEach(fill);
  step("score");
  show(facts.works.includes(asked) ? asked : facts.works.find((code) => !full(code) && !out(code)) ?? facts.works[0], { quietly: true });
  if (asSealed()) status("rec", words.sealedNow);
  const strip = document.querySelector("[data-keys]");
  if (strip) strip.hidden = false;
}

if (!(await sealing.able())) step("broken");
else if (!facts.vkey) step("make");
else if (!facts.wrapped.salt) step("elsewhere");
else step("open");
