// A screen in the booth begins anew when nobody touches it: it asks first, empties every form, and goes to its start picture.
// Without a network it stays where it is rather than show a browser's error, and tries again.
const place = document.querySelector("[data-kiosk]");
const ask = document.querySelector("[data-ask]");
const seconds = (name) => Number(place.dataset[name]) * 1000;
let touched = Date.now();
let going = false;

/** What a visitor typed is gone, also when the browser brings the page back. */
function empty() {
  for (const form of document.forms) form.reset();
}

async function anew() {
  if (going) return;
  going = true;
  empty();
  try {
    if ((await fetch(place.dataset.start, { method: "HEAD", cache: "no-store" })).ok) {
      location.replace(place.dataset.start);
      return;
    }
  } catch { /* no network: the page stays, empty */ }
  if (ask && ask.open) ask.close();
  scrollTo(0, 0);
  touched = Date.now();
  going = false;
}

function look() {
  const playing = [...document.querySelectorAll("audio, video")].some((one) => !one.paused);
  if (playing) touched = Date.now();
  const since = Date.now() - touched;
  if (since < seconds("idle")) return;
  if (since >= seconds("idle") + seconds("warn")) { anew(); return; }
  if (!ask || ask.open) return;
  const zoom = document.querySelector("dialog.zoom[open]");
  if (zoom) zoom.close();
  ask.showModal();
}

function touch() {
  touched = Date.now();
}

for (const kind of ["pointerdown", "touchstart", "keydown", "wheel", "input"]) {
  addEventListener(kind, touch, { capture: true, passive: true });
}
addEventListener("scroll", () => { if (!ask || !ask.open) touched = Date.now(); }, { capture: true, passive: true });
// It closes when the finger leaves: closed under the finger, the touch would go to what lies beneath.
if (ask) ask.addEventListener("click", () => ask.close());
addEventListener("contextmenu", (event) => event.preventDefault());
addEventListener("dragstart", (event) => event.preventDefault());
addEventListener("pageshow", empty);
addEventListener("pagehide", empty);
setInterval(look, 1000);
