// Answers are kept as they are given (prize quizzes), and a message cannot be marked and unsuspicious at once. All of it works without.
const form = document.querySelector("form.ask");
const status = form.querySelector("[data-status]");
let waiting = 0;

async function keep() {
  const sent = new FormData(form);
  sent.delete("move");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(sent), headers: { Accept: "application/json" } });
    if (answer.status === 204) status.textContent = form.dataset.kept;
  } catch {
    status.textContent = form.dataset.notKept;
  }
}

function later() {
  clearTimeout(waiting);
  waiting = setTimeout(keep, 600);
}

form.addEventListener("change", ({ target }) => {
  if (target.name === "nothing" && target.checked) for (const mark of form.querySelectorAll("[name=mark]")) mark.checked = false;
  if (target.name === "mark" && target.checked) { const none = form.querySelector("[name=nothing]"); if (none) none.checked = false; }
  for (const row of form.querySelectorAll("label.on, label.cue, .picks label")) {
    const box = row.querySelector("input");
    if (box) row.classList.toggle("on", box.checked);
  }
  if ("autosave" in form.dataset) later();
});
form.addEventListener("submit", () => clearTimeout(waiting));
