// The ballot paper: marks, the bar that holds the ballot, casting, and what happens when the line breaks or another device was first.
// The page works without this file: it is a plain form. Here the ballot goes to the door as JSON instead.
const form = document.getElementById("ballot");
const say = form.dataset;
const boxes = [...form.querySelectorAll("input[name=choice]")];
const limit = Number(say.limit);
const button = document.getElementById("cast");
const live = document.getElementById("live");
const why = document.getElementById("why");
const conflict = document.getElementById("conflict");
const shelf = `ballot ${say.log} ${say.scope}`;

let counted = { index: say.counted === "" ? null : Number(say.counted), choices: marked() };
let intent = null; // {choices, salt, replaces}: kept until the door has answered, so that a retry is the same ballot
let casting = false;

function marked() {
  return boxes.filter((box) => box.checked && box.value !== say.add).map((box) => box.value).sort();
}

const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value).sort();
const same = (a, b) => a.length === b.length && a.every((code, place) => code === b[place]);
const fill = (sentence, facts) => Object.entries(facts).reduce((text, [name, value]) => text.replaceAll(`{${name}}`, value), sentence);

function announce(text) {
  live.textContent = text;
}

function tell(text) {
  why.textContent = text;
  why.hidden = !text;
  if (text) announce(text);
}

function used(box) {
  const room = say.per === "category" && box ? box.closest("fieldset") : form;
  return room.querySelectorAll("input[name=choice]:checked").length;
}

function places() {
  return say.per === "category" ? limit * form.querySelectorAll("fieldset").length : limit;
}

function draw() {
  const slots = document.getElementById("slots");
  const now = boxes.filter((box) => box.checked);
  const free = Math.max(0, places() - now.length);
  slots.replaceChildren(
    ...now.map((box) => slot(box)),
    ...Array.from({ length: free }, () => Object.assign(document.createElement("li"), { className: "free" })),
  );
  document.getElementById("used").textContent = fill(say.saidUsed, { used: now.length, most: places() });
  const unchanged = counted.index !== null && same(chosen(), counted.choices);
  document.getElementById("state").textContent = unchanged ? say.saidSame : "";
  button.textContent = now.length || counted.index === null ? say.saidCast : say.saidWithdraw;
  button.setAttribute("aria-disabled", String(unchanged || (counted.index === null && !now.length)));
}

function slot(box) {
  const place = document.createElement("li");
  if (!box.dataset.picture) {
    place.textContent = box.dataset.title.slice(0, 1);
    return place;
  }
  place.append(Object.assign(new Image(), { src: box.dataset.picture, alt: box.dataset.title }));
  return place;
}

form.addEventListener("change", ({ target: box }) => {
  if (box.name !== "choice") return;
  intent = null;
  if (box.checked && used(box) > limit) {
    box.checked = false;
    tell(say.per === "category" ? say.saidFullCategory : say.saidFull);
  } else {
    tell("");
    announce(`${fill(box.checked ? say.saidAdded : say.saidOff, { title: box.dataset.title })} ${fill(say.saidUsed, { used: boxes.filter((b) => b.checked).length, most: places() })}`);
  }
  keep();
  draw();
});

// ---- keeping a choice that has not been sent ----

function keep() {
  try {
    sessionStorage.setItem(shelf, JSON.stringify(intent ?? { choices: chosen() }));
  } catch { /* a browser that keeps nothing still casts */ }
}

function forget() {
  try { sessionStorage.removeItem(shelf); } catch { /* nothing was kept */ }
}

function kept() {
  try { return JSON.parse(sessionStorage.getItem(shelf)); } catch { return null; }
}

function mark(codes) {
  for (const box of boxes) box.checked = codes.includes(box.value);
}

// ---- casting ----

function salt() {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

async function ask(options) {
  const timer = new AbortController();
  const late = setTimeout(() => timer.abort(), 20000);
  try {
    const answer = await fetch(options.url, { credentials: "same-origin", cache: "no-store", signal: timer.signal, ...options });
    return { status: answer.status, body: await answer.json().catch(() => ({})) };
  } catch {
    return { status: 0, body: {} };
  } finally {
    clearTimeout(late);
  }
}

function busy(on) {
  casting = on;
  if (on) {
    button.setAttribute("aria-busy", "true");
    button.textContent = say.saidCasting;
    announce(say.saidCasting);
  } else {
    button.removeAttribute("aria-busy");
    draw();
  }
}

async function cast() {
  if (casting || button.getAttribute("aria-disabled") === "true") return;
  conflict.hidden = true;
  tell("");
  intent ??= { choices: chosen(), salt: salt(), replaces: counted.index };
  keep();
  busy(true);
  const ballot = { log: say.log, choices: intent.choices, salt: intent.salt };
  if (intent.replaces !== null) ballot.replaces = intent.replaces;
  const { status, body } = await ask({
    url: "/cast", method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(ballot),
  });
  if (status === 200) return done(body);
  busy(false);
  if (status === 409) return overtaken(body.counted ?? {});
  if (status === 429) return tell(fill(say.saidFast, { seconds: body.retry_after ?? 10 }));
  if (status === 0 || status >= 500) return tell(say.saidLine);
  if (String(body.error).startsWith("paper.")) return tell(say.saidPaper);
  intent = null;
  return tell(fill(say.saidRefused, { code: body.error ?? status }));
}

function done(receipt) {
  forget();
  announce(say.saidDone);
  location.assign(say.receipt.replace("987654321", receipt.index));
}

function overtaken(other) {
  counted = { index: other.index ?? null, choices: [...(other.choices ?? [])].sort() };
  intent = null;
  lay("other", counted.choices);
  lay("mine", chosen());
  conflict.hidden = false;
  conflict.focus();
  draw();
}

function lay(side, codes) {
  const list = conflict.querySelector(`[data-${side}]`);
  const listed = boxes.filter((box) => codes.includes(box.value));
  list.replaceChildren(...listed.map((box) => {
    const row = document.createElement("li");
    if (box.dataset.picture) row.append(Object.assign(new Image(), { src: box.dataset.picture, alt: "" }));
    row.append(Object.assign(document.createElement("span"), { textContent: box.dataset.title }));
    return row;
  }));
  conflict.querySelector(`[data-${side}-none]`).hidden = listed.length > 0;
}

conflict.querySelector("[data-cast-mine]").addEventListener("click", cast);
conflict.querySelector("[data-keep-other]").addEventListener("click", () => {
  mark(counted.choices);
  forget();
  conflict.hidden = true;
  draw();
  if (counted.index !== null) location.assign(say.receipt.replace("987654321", counted.index));
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  event.stopPropagation(); // app.js guards plain forms; this one guards itself
  cast();
});

// ---- opening the paper: the door knows the counted ballot best ----

async function open() {
  const { status, body } = await ask({ url: `/cast?log=${encodeURIComponent(say.log)}` });
  if (status === 401 || status === 403) return tell(say.saidPaper);
  if (status === 200) {
    const before = counted;
    counted = { index: body.index ?? null, choices: [...(body.choices ?? [])].sort() };
    if (before.index !== counted.index) mark(counted.choices);
  }
  const unsent = kept();
  if (unsent && !same(unsent.choices, counted.choices)) {
    mark([...unsent.choices, ...(say.add && used() < places() ? [say.add] : [])]);
    if (unsent.salt && same(chosen(), unsent.choices) && unsent.replaces === counted.index) intent = unsent;
    tell(say.saidKept);
  } else {
    forget();
  }
  draw();
  return undefined;
}

draw();
open();
window.addEventListener("pageshow", (event) => {
  if (event.persisted) open();
});
