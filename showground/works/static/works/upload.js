// Sends a file in pieces, goes on where a broken line stopped it, and looks again while the file is being checked.
// Without this script the same form sends the file in one.
(() => {
  const form = document.querySelector("form.upload");
  const state = document.querySelector("[data-work]");
  const wait = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
  const size = (bytes) => (bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);

  if (form) {
    const words = form.dataset;
    const box = form.querySelector(".sending");
    const bar = box.querySelector("progress");
    const line = box.querySelector("p");
    const pause = form.querySelector("[data-pause]");
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { "X-CSRFToken": token };
    let paused = false, wake = () => {};

    const say = (sentence, sent, whole) => {
      bar.max = whole;
      bar.value = sent;
      line.textContent = sentence.replace("{sent}", size(sent)).replace("{size}", size(whole)).replace("{name}", words.name || "");
    };

    // The mark of the first `have` bytes, piece by piece; empty where the browser cannot (a page without TLS): then it begins anew.
    const mark = async (file, have, piece) => {
      let told = new Uint8Array(0);
      for (let at = 0; at < have && window.crypto.subtle; at += piece) {
        const both = await new Blob([told, file.slice(at, at + piece)]).arrayBuffer();
        told = new Uint8Array(await crypto.subtle.digest("SHA-256", both));
      }
      return [...told].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    };

    const begin = async (file) => {
      if (words.pieces && words.name === file.name && Number(words.size) === file.size) {
        return { pieces: words.pieces, piece: Number(words.piece), sent: Number(words.received) };
      }
      const body = new FormData();
      body.set("filename", file.name);
      body.set("size", file.size);
      body.set("csrfmiddlewaretoken", token);
      if (words.going && words.name === file.name && Number(words.size) === file.size) {
        const told = { going: words.going, have: words.have, same: await mark(file, Number(words.have), Number(words.piece)) };
        for (const [name, value] of Object.entries(told)) body.set(name, value);
      }
      const answer = await fetch(words.start, { method: "POST", body, headers });
      if (answer.redirected) { location.reload(); return new Promise(() => {}); }
      const told = await answer.json();
      if (!answer.ok) throw new Error(told.said);
      return { sent: 0, ...told };
    };

    const send = async (file) => {
      const { pieces, piece, sent: from } = await begin(file);
      let sent = from, falls = 0, replaced = "";
      pause.hidden = false;
      while (sent < file.size) {
        if (paused) await new Promise((done) => { wake = done; });
        say(words.sending, sent, file.size);
        try {
          const body = file.slice(sent, sent + piece);
          const answer = await fetch(`${pieces}?offset=${sent}`, {
            method: "POST", body, headers: { ...headers, "Content-Type": "application/octet-stream" },
          });
          const told = await answer.json();
          if (answer.status === 409 && Number.isInteger(told.have)) sent = told.have;
          else if (told.error === "work.replaced") { replaced = told.said; break; }
          else if (!answer.ok) break;
          else sent = told.received;
          falls = 0;
        } catch {
          falls += 1;
          say(words.broken, sent, file.size);
          await Promise.race([wait(Math.min(20, 1.5 ** falls)), new Promise((done) => addEventListener("online", done, { once: true }))]);
        }
      }
      if (replaced) throw new Error(replaced);
      if (sent >= file.size) say(words.whole, file.size, file.size);
      leaving = true;
      location.reload();
    };

    let leaving = true;
    form.addEventListener("submit", async (event) => {
      const file = form.querySelector("[type=file]").files[0];
      if (!file || !file.size) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      leaving = false;
      box.hidden = false;
      form.querySelector("button:not([type])").disabled = true;
      try {
        await send(file);
      } catch (error) {
        line.textContent = error.message;
        line.setAttribute("role", "alert");
        form.querySelector("button:not([type])").disabled = false;
        pause.hidden = true;
        leaving = true;
      }
    }, true);
    pause.addEventListener("click", () => {
      paused = !paused;
      pause.setAttribute("aria-pressed", String(paused));
      if (!paused) wake();
    });
    addEventListener("beforeunload", (event) => { if (!leaving) event.preventDefault(); });
  }

  const look = async () => {
    await wait(3);
    if (!document.hidden) {
      try {
        const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-work]");
        if (!fresh || fresh.dataset.work !== "waiting") {
          const typing = [...document.querySelectorAll("form:not(.upload) :is(input, textarea, select)")].some((field) =>
            field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked
              : field.tagName === "SELECT" ? [...field.options].some((option) => option.selected !== option.defaultSelected)
                : field.value !== field.defaultValue);
          if (!typing) return location.reload();
          if (fresh) return state.replaceWith(document.adoptNode(fresh));
        }
      } catch { /* the line is away; the next look will tell */ }
    }
    return look();
  };
  if (state && state.dataset.work === "waiting") look();
})();
