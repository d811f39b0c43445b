// A region is drawn on the picture, or moved with the arrow keys from its fields; the form works without this.
const pane = document.querySelector("[data-draw]");
const box = document.querySelector("[data-box]");
if (pane && box) {
  pane.classList.add("drawing");
  const mark = pane.querySelector(".new");
  const svg = pane.querySelector("svg");
  const whole = { x: Number(pane.dataset.width), y: Number(pane.dataset.height) };
  const scale = whole.x / 1000;
  const names = ["x", "y", "w", "h"];
  const fields = Object.fromEntries(names.map((name) => [name, box.querySelector(`[name=${name}]`)]));
  const inside = (value, least, most) => Math.max(least, Math.min(most, value));
  let from = null;

  const show = () => {
    const [x, y, w, h] = names.map((name) => Number(fields[name].value) / scale);
    for (const [name, value] of Object.entries({ x, y, width: w, height: h })) mark.setAttribute(name, String(value));
  };
  const keep = (x, y, w, h) => {
    const left = inside(Math.floor(x), 0, whole.x - 1), top = inside(Math.floor(y), 0, whole.y - 1);
    const told = { x: left, y: top, w: inside(Math.floor(w), 1, whole.x - left), h: inside(Math.floor(h), 1, whole.y - top) };
    for (const name of names) fields[name].value = told[name];
    show();
  };
  const at = (event) => {
    const frame = svg.getBoundingClientRect();
    return [
      inside((event.clientX - frame.left) / frame.width * whole.x, 0, whole.x),
      inside((event.clientY - frame.top) / frame.height * whole.y, 0, whole.y),
    ];
  };
  const drawn = (to) => [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(from[0] - to[0]), Math.abs(from[1] - to[1])];

  svg.addEventListener("pointerdown", (event) => { from = at(event); svg.setPointerCapture(event.pointerId); event.preventDefault(); });
  svg.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [x, y, w, h] = drawn(at(event)).map((side) => side / scale);
    for (const [name, value] of Object.entries({ x, y, width: w, height: h })) mark.setAttribute(name, String(value));
  });
  svg.addEventListener("pointerup", (event) => {
    if (!from) return;
    const told = drawn(at(event));
    from = null;
    if (told[2] < 5 * scale || told[3] < 5 * scale) return show();
    keep(...told);
  });
  svg.addEventListener("click", (event) => event.preventDefault());
  box.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way || !names.includes(event.target.name) || fields.w.value === "") return;
    event.preventDefault();
    const step = Math.max(1, Math.round(whole.x / 200));
    const [x, y, w, h] = names.map((name) => Number(fields[name].value));
    if (event.shiftKey) keep(x, y, w + way[0] * step, h + way[1] * step);
    else keep(inside(x + way[0] * step, 0, whole.x - w), inside(y + way[1] * step, 0, whole.y - h), w, h);
  });
  box.addEventListener("input", show);
  if (fields.w.value) show();
}
