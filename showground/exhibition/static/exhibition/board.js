// The zoom of a board: fetched when somebody asks for it; without scripts the same link shows the picture.
const link = document.querySelector("[data-zoom]");
const room = document.getElementById("zoom-room");
if (link && room && room.showModal) {
  link.setAttribute("role", "button");
  link.setAttribute("aria-haspopup", "dialog");
  const open = (event) => {
    event.preventDefault();
    if (!room.open) room.showModal();
    const start = () => window.showgroundZoom && window.showgroundZoom(room, link.dataset.zoom);
    if (window.showgroundZoom) { start(); return; }
    const script = document.createElement("script");
    script.src = link.dataset.script;
    script.onload = start;
    script.onerror = () => { room.querySelector("[data-said]").textContent = room.dataset.away; };
    document.head.append(script);
  };
  link.addEventListener("click", open);
  link.addEventListener("keydown", (event) => { if (event.key === " ") open(event); });
  room.addEventListener("close", () => link.focus());
  room.querySelector("[data-do=close]").addEventListener("click", () => room.close());
}
// A paragraph under the pointer shows its place on the picture.
for (const block of document.querySelectorAll(".blk")) {
  const region = document.getElementById(`r-${block.id.slice(2)}`);
  if (region) for (const [kind, on] of [["mouseenter", true], ["mouseleave", false]]) block.addEventListener(kind, () => region.classList.toggle("lit", on));
}
