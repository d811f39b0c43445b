// The host's screen: counts come in by themselves, keys step on and back. Without scripts the buttons and "Count again" do.
const host = document.getElementById("host");
const line = document.querySelector("[data-line]");
const press = (name) => document.querySelector(`[data-${name}]`)?.click();
let tag = "";
let misses = 0;

async function look() {
  try {
    const answer = await fetch(host.dataset.state, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    misses = 0;
    line.textContent = "";
    if (answer.status !== 200) return;
    tag = answer.headers.get("ETag") || "";
    const told = await answer.json();
    if (told.at !== host.dataset.at) { location.reload(); return; }
    for (const name of ["joined", "answered"]) for (const place of document.querySelectorAll(`[data-${name}]`)) place.textContent = told[name];
  } catch {
    misses += 1;
    if (misses > 2) line.textContent = host.dataset.broken;
  }
}

async function go() {
  await look();
  setTimeout(go, Math.min(1000 * (1 + misses), 5000));
}

function full() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select")) return;
  const does = { ArrowRight: "next", PageDown: "next", ArrowLeft: "back", PageUp: "back", b: "back", f: "full", Escape: "leave" };
  let name = does[event.key];
  if (event.key === " " && !event.target.closest("a, button, summary, audio, video")) name = "next";
  if (!name || (name === "leave" && document.fullscreenElement)) return;
  event.preventDefault();
  press(name);
});
document.querySelector("[data-full]").addEventListener("click", full);
if (document.fullscreenEnabled) document.querySelector("[data-full]").hidden = false;
document.querySelector("[data-keys]")?.removeAttribute("hidden");
document.querySelector("[data-again]")?.setAttribute("hidden", "");
go();
