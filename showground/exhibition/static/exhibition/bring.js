// Print files: chosen or dropped, sent one by one with their progress; what is being read is looked at again, and nothing typed is lost.
(() => {
  const form = document.querySelector("[data-bring]");
  if (!form) return;
  const words = form.dataset, zone = form.querySelector(".ex-drop"), field = zone.querySelector("[type=file]");
  const list = zone.querySelector(".ex-chosen"), look = document.querySelector("[data-look]");
  const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
  const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
  let sending = false, watching = false;
  zone.querySelector(".ex-scripted").hidden = false;

  // ---- the list of files, and the boards that came of them ----
  const fresh = async () => {
    const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
    for (const id of ["files", "boards"]) {
      const old = document.getElementById(id), made = page.getElementById(id);
      if (!made || (id === "boards" && old.contains(document.activeElement))) continue;
      old.replaceWith(document.adoptNode(made));
    }
    const now = document.getElementById("files").dataset.now;
    if (look.textContent !== now) look.textContent = now;
  };
  const watch = async () => {
    if (watching) return;
    watching = true;
    while ("waiting" in document.getElementById("files").dataset) {
      await wait(3);
      if (!document.hidden) try { await fresh(); } catch { /* the line is away; the next look will tell */ }
    }
    watching = false;
  };
  watch();

  // ---- sending ----
  const line = (sentence, file, sent) =>
    sentence.replace("{name}", () => file.name).replace("{sent}", size(sent)).replace("{size}", size(file.size));
  const row = (file) => {
    const item = document.createElement("li"), bar = document.createElement("progress"), said = document.createElement("span");
    bar.className = "progress";
    bar.max = Math.max(1, file.size);
    bar.value = 0;
    bar.hidden = true;
    bar.setAttribute("aria-label", file.name);
    said.textContent = `${file.name}, ${size(file.size)}`;
    item.append(said, bar);
    return item;
  };
  const send = (file, item) => new Promise((done) => {
    const body = new FormData(form), ask = new XMLHttpRequest(), bar = item.querySelector("progress"), said = item.firstChild;
    const end = (sentence, wrong) => {
      bar.remove();
      said.textContent = look.textContent = sentence;
      item.classList.toggle("wrong", wrong);
      done(!wrong);
    };
    body.delete("file");
    body.append("file", file);
    bar.hidden = false;
    ask.open("POST", form.action);
    ask.setRequestHeader("Accept", "application/json");
    ask.responseType = "json";
    ask.upload.onprogress = (event) => {
      bar.value = Math.min(event.loaded, file.size);
      said.textContent = line(words.sending, file, bar.value);
    };
    ask.onload = () => {
      if (!ask.response) return location.reload(); // signed out, or something broke: the page tells
      const no = ask.response.refused[0];
      return end(no || line(words.taken, file, file.size), Boolean(no));
    };
    ask.onerror = () => end(line(words.broken, file, 0), true);
    ask.send(body);
  });

  const chosen = () => list.replaceChildren(...[...field.files].map(row));
  field.addEventListener("change", chosen);
  form.addEventListener("submit", async (event) => {
    if (!field.files.length) return;
    event.preventDefault();
    const button = form.querySelector("button"), files = [...field.files];
    if (list.children.length !== files.length) chosen();
    const items = [...list.children];
    sending = button.disabled = true;
    for (const [number, file] of files.entries()) await send(file, items[number]);
    sending = button.disabled = false;
    field.value = "";
    try { await fresh(); } catch { /* as above */ }
    watch();
  });
  addEventListener("beforeunload", (event) => { if (sending) event.preventDefault(); });

  // ---- dropping ----
  const over = (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    zone.classList.toggle("over", event.type === "dragover");
  };
  for (const name of ["dragover", "dragleave"]) form.addEventListener(name, over);
  form.addEventListener("drop", (event) => {
    over(event);
    if (sending || !event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    chosen();
  });
})();
