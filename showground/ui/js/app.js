// The little that pages need beyond plain HTML: the menu closes on Escape, a code can be copied, a page printed.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  const menu = document.querySelector("details.menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
  const copy = event.target.closest("[data-copy]");
  if (copy && navigator.clipboard) {
    navigator.clipboard.writeText(copy.dataset.copy).then(() => {
      copy.textContent = copy.dataset.copied || copy.textContent;
    });
  }
  if (event.target.closest("[data-print]")) window.print();
});

// A button that only works with scripts is in the page hidden, and shows itself here.
for (const element of document.querySelectorAll("[data-copy], [data-print]")) element.hidden = false;

// A form is sent once: the second press of a nervous double click is dropped, the button says that it is busy.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[hx-post]") || form.method === "get") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  }
});
