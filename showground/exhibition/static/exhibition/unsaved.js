// Whoever leaves a form with words that are not kept is asked first.
for (const form of document.querySelectorAll("form[data-guard]")) {
  const typed = () => JSON.stringify([...new FormData(form)].map(([name, held]) => [name, held instanceof File ? held.name : held]));
  const before = document.querySelector(".errors") ? "" : typed(); // what was refused is not kept either
  let leaving = false;
  form.addEventListener("submit", () => { leaving = true; });
  addEventListener("beforeunload", (event) => { if (!leaving && typed() !== before) event.preventDefault(); });
}
