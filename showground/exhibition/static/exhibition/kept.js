// Keeps a hall on this phone when its visitor says so: every file of the list, all or none; brings it up to date; removes it.
const HOME = document.documentElement.dataset.home;
const PREFIX = `kept:${HOME}:`;
const box = document.querySelector("[data-keep]");
const FRESH = { "X-Fresh": "1" }; // past the worker, which would answer with what is kept
const able = "caches" in window && "serviceWorker" in navigator && window.isSecureContext;

const names = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX));

/** What is kept: {name, version, sounds}, or null. */
async function held() {
  for (const name of (await names()).reverse()) {
    const told = await (await caches.open(name)).match(`${HOME}about`);
    if (told) return { name, ...(await told.json()) };
  }
  return null;
}

async function list() {
  const answer = await fetch(`${HOME}list.json`, { cache: "no-store", headers: FRESH });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** A file whose name is its hash is taken from the older copy. */
async function bring(url, copy, older) {
  const same = older && url.startsWith("/media/") && await older.match(url, { ignoreVary: true });
  const answer = same || await fetch(url, { cache: "no-cache", credentials: "omit", headers: FRESH });
  if (!answer.ok) throw new Error(`${answer.status} ${url}`);
  await copy.put(url, answer);
}

async function keep(told, sounds, progress) {
  const old = await held();
  const name = `${PREFIX}${told.version}${sounds ? "+" : ""}`;
  if (old && old.name === name) return;
  await caches.delete(name);
  const copy = await caches.open(name);
  const older = old && await caches.open(old.name);
  const files = [...told.files, ...(sounds ? told.sounds : [])];
  try {
    let done = 0;
    for (const url of files) {
      await bring(url, copy, older);
      progress(++done, files.length);
    }
    const about = JSON.stringify({ version: told.version, sounds });
    await copy.put(`${HOME}about`, new Response(about, { headers: { "Content-Type": "application/json" } }));
  } catch (error) {
    await caches.delete(name);
    throw error;
  }
  await Promise.all((await names()).filter((one) => one !== name).map((one) => caches.delete(one)));
  await navigator.serviceWorker.register(`${HOME}worker.js`, { scope: HOME });
}

async function remove() {
  await Promise.all((await names()).map((name) => caches.delete(name)));
  const running = await navigator.serviceWorker.getRegistration(HOME);
  if (running) await running.unregister();
}

/** Shows what can be done now: keep, or remove. */
async function show(words) {
  if (!box) return;
  const kept = await held();
  box.querySelector("[data-choose]").hidden = Boolean(kept);
  box.querySelector("[data-kept]").hidden = !kept;
  if (words) box.querySelector("[data-said]").textContent = words;
}

const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

/** Says how large the copy would be before anybody decides. */
function weigh(told) {
  if (!box) return;
  box.querySelector("[data-size]").textContent = size(told.bytes);
  box.querySelector("[data-sounds]").hidden = !told.sounds.length;
  box.querySelector("[data-sound-size]").textContent = size(told.sound_bytes);
}

async function start() {
  const old = await held();
  await show("");
  if (!navigator.onLine || !(old || box)) return;
  try {
    const told = await list();
    weigh(told);
    if (!old || told.version === old.version) return;
    await keep(told, old.sounds, () => {});
    await show(box ? box.dataset.fresh : "");
  } catch (error) { // no network after all: the copy stays as it is; but a hall that was taken down is kept nowhere
    if (old && ["404", "410"].includes(error.message)) await remove();
  }
}

if (able) start();
if (able && box) {
  box.hidden = false;
  const said = box.querySelector("[data-said]");
  box.querySelector("[data-do=keep]").addEventListener("click", async (event) => {
    const sounds = Boolean(box.querySelector("[name=sounds]:checked"));
    event.target.disabled = true;
    try {
      await keep(await list(), sounds, (done, all) => { said.textContent = box.dataset.progress.replace("{d}", done).replace("{a}", all); });
      await show(box.dataset.done);
      box.querySelector("[data-do=remove]").focus();
    } catch {
      await show(box.dataset.failed);
    }
    event.target.disabled = false;
  });
  box.querySelector("[data-do=remove]").addEventListener("click", async () => {
    await remove();
    await show(box.dataset.removed);
    box.querySelector("[data-do=keep]").focus();
  });
} else if (box) {
  box.hidden = false;
  box.querySelector("[data-choose]").hidden = true;
  box.querySelector("[data-said]").textContent = box.dataset.unable;
}
