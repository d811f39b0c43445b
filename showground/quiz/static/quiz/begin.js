// Before a quiz begins the browser does a little work, so that beginning a thousand times costs something. Without scripts the form
// is sent as it is. SPEC ALTCHA v1: find the number behind SHA-256(salt + number); the work is done beside the page (work.js).
const form = document.getElementById("begin");
const task = form.dataset;

function give(number) {
  const solved = { algorithm: "SHA-256", challenge: task.challenge, number, salt: task.salt, signature: task.signature };
  const field = Object.assign(document.createElement("input"), { type: "hidden", name: "altcha", value: btoa(JSON.stringify(solved)) });
  form.append(field);
}

function solve() {
  return new Promise((done) => {
    const worker = new Worker(task.worker);
    worker.addEventListener("message", ({ data }) => done(data));
    worker.addEventListener("error", () => done(-1));
    worker.postMessage({ salt: task.salt, challenge: task.challenge, most: Number(task.most) });
  });
}

if (task.challenge && window.Worker) {
  const solving = solve(); // begun at once: when the button is pressed it is mostly done
  form.addEventListener("submit", async (event) => {
    if (form.elements.altcha) return;
    event.preventDefault();
    event.stopPropagation(); // app.js guards forms against a second press; this one guards itself
    const button = form.querySelector("button");
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    button.textContent = task.busy;
    const number = await solving;
    if (number >= 0) give(number);
    form.submit();
  });
}
