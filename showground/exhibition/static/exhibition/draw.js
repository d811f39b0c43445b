// A region is drawn on the picture and its numbers are typed into the form; the form works without this.
const pane = document.querySelector("[data-draw]");
const box = document.querySelector("[data-box]");
if (pane && box) {
  pane.classList.add("drawing");
  const mark = pane.querySelector(".new");
  const scale = Number(pane.dataset.width) / 1000;
  const svg = pane.querySelector("svg");
  let from = null;
  const at = (event) => {
    const frame = svg.getBoundingClientRect();
    const high = svg.viewBox.baseVal.height;
    const inside = (value, most) => Math.max(0, Math.min(most, value));
    return [inside((event.clientX - frame.left) / frame.width * 1000, 1000), inside((event.clientY - frame.top) / frame.height * high, high)];
  };
  const draw = (to) => {
    const [x, y] = [Math.min(from[0], to[0]), Math.min(from[1], to[1])];
    const [w, h] = [Math.abs(from[0] - to[0]), Math.abs(from[1] - to[1])];
    for (const [name, value] of Object.entries({ x, y, width: w, height: h })) mark.setAttribute(name, String(value));
    return [x, y, w, h];
  };
  svg.addEventListener("pointerdown", (event) => { from = at(event); svg.setPointerCapture(event.pointerId); event.preventDefault(); });
  svg.addEventListener("pointermove", (event) => { if (from) draw(at(event)); });
  svg.addEventListener("pointerup", (event) => {
    if (!from) return;
    const [x, y, w, h] = draw(at(event));
    from = null;
    if (w < 5 || h < 5) { mark.setAttribute("width", "0"); return; }
    const numbers = { x: Math.floor(x * scale), y: Math.floor(y * scale), w: Math.floor(w * scale), h: Math.floor(h * scale) };
    for (const [name, value] of Object.entries(numbers)) box.querySelector(`[name=${name}]`).value = value;
  });
  svg.addEventListener("click", (event) => event.preventDefault());
}
