// A phone in a hosted round: answers are kept as they are given, and the page goes on with the host. Without scripts a button does both.
let play = document.getElementById("play");
let tag = "";
let misses = 0;
let waiting = 0;

const line = (words) => {
  const place = play.querySelector("[data-line]");
  if (place && place.textContent !== words) place.textContent = words;
};

async function keep(form) {
  const status = form.querySelector("[data-status]");
  try {
    const answer = await fetch(location.href, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" } });
    if (answer.status === 204) status.textContent = play.dataset.kept;
    else if (answer.status === 422) {
      const before = play.dataset.at;
      await look(true);
      if (play.dataset.at === before) form.submit(); // the page that comes says why
    }
  } catch {
    status.textContent = play.dataset.notKept;
  }
}

// The new state's page takes the place of the old one; the cookie, the address and what surrounds it stay.
async function turn() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("play");
  if (!fresh || answer.redirected) { location.reload(); return; }
  play.replaceWith(fresh);
  play = fresh;
  document.title = page.title;
  dress();
  scrollTo(0, 0);
  play.focus({ preventScroll: true });
}

async function look(eager = false) {
  if (document.hidden && !eager) return;
  try {
    const answer = await fetch(play.dataset.state, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
    misses = 0;
    line("");
    if (answer.status !== 200) return;
    const { at } = await answer.json();
    if (at !== play.dataset.at) await turn();
    if (at === play.dataset.at) tag = answer.headers.get("ETag") || ""; // only a state that is on the page needs no second look
  } catch {
    misses += 1;
    if (misses > 2) line(play.dataset.broken);
  }
}

function dress() {
  const again = play.querySelector("[data-again]");
  if (again) again.closest("p").hidden = true;
}

document.addEventListener("change", ({ target }) => {
  const form = target.closest("form.ask");
  if (!form) return;
  if (target.name === "nothing" && target.checked) for (const mark of form.querySelectorAll("[name=mark]")) mark.checked = false;
  if (target.name === "mark" && target.checked) { const none = form.querySelector("[name=nothing]"); if (none) none.checked = false; }
  for (const label of form.querySelectorAll(".picks label, label.cue")) label.classList.toggle("on", label.querySelector("input").checked);
  if (form.querySelector("[name=verdict]") && !form.querySelector("[name=verdict]:checked")) return; // marks alone are no answer yet
  clearTimeout(waiting);
  waiting = setTimeout(keep, 250, form);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.ask")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  clearTimeout(waiting);
  keep(event.target);
}, true);
document.addEventListener("visibilitychange", () => look());

// Each second, a little apart from the neighbours; slower while the line is broken.
async function go() {
  await look();
  setTimeout(go, Math.min(1000 * (1 + misses), 5000) + Math.random() * 200);
}
dress();
if (!play.dataset.at.startsWith("over")) setTimeout(go, 1000);
