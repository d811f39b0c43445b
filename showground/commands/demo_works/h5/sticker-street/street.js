"use strict";
const WORDS = {
  en: { name: "Sticker Street", lang: "中文", scan: "Scan it", peel: "Leave it", start: "Six codes on the way to school. Choose one and look closely before you decide.",
    right: "Good eye. ", wrong: "Look again. ", score: (n, all) => `${n} of ${all} decided well`, end: (n, all) => `${n} of ${all}. On a real street nobody tells you the score, so look for edges.` },
  zh: { name: "贴纸街", lang: "English", scan: "扫一扫", peel: "不扫", start: "上学路上有六个码。选一个，看仔细再决定。",
    right: "好眼力。", wrong: "再看看。", score: (n, all) => `${all} 个判断对了 ${n} 个`, end: (n, all) => `${all} 个对了 ${n} 个。真正的街上没有人给你打分，记得看边缘。` },
};
const SPOTS = [
  { ok: false, shape: "meter", slip: true, name: { en: "Parking meter", zh: "停车收费机" }, look: { en: "The code sits a little crooked; under one corner another code looks out.", zh: "码贴得有点歪，一角下面露出另一个码。" }, why: { en: "A sticker over a code: pay at the machine instead.", zh: "码上盖着贴纸：直接在机器上付。" } },
  { ok: true, shape: "museum", slip: false, name: { en: "Museum door", zh: "博物馆门口" }, look: { en: "Engraved in the brass plate. The address under it is the one on the building.", zh: "刻在铜牌上，下面的网址和楼上的一样。" }, why: { en: "Engraved, and the address agrees.", zh: "是刻上去的，网址也对得上。" } },
  { ok: false, shape: "lamp", slip: true, name: { en: "Lamp post", zh: "路灯杆" }, look: { en: "“Lost cat, 5,000 reward. Scan and leave your number.” No picture of the cat.", zh: "“寻猫，酬谢 5000 元，扫码留电话。”没有猫的照片。" }, why: { en: "Who looks for a cat shows the cat.", zh: "找猫的人总会放一张猫的照片。" } },
  { ok: true, shape: "menu", slip: false, name: { en: "Noodle shop", zh: "面馆" }, look: { en: "Printed on the menu itself. It opens a list of noodles and asks for nothing.", zh: "印在菜单上，打开就是面条的价目，什么也不要。" }, why: { en: "A list to read; it wants no name, no number, no money.", zh: "只是看菜单，不要姓名、电话，也不要钱。" } },
  { ok: false, shape: "bike", slip: true, name: { en: "Shared bicycle", zh: "共享单车" }, look: { en: "Two codes on one frame. The newer one asks you to install something first.", zh: "一辆车上两个码，新的那个要你先装个软件。" }, why: { en: "Unlock inside the app you already have.", zh: "在你已有的应用里解锁。" } },
  { ok: false, shape: "box", slip: false, name: { en: "Parcel on the step", zh: "门口的包裹" }, look: { en: "A parcel you never ordered. “Scan to see who sent you this gift.”", zh: "你没买过的包裹。“扫码看看是谁送的礼物。”" }, why: { en: "The gift is the bait. Ask at home who ordered it.", zh: "礼物就是鱼饵。先问问家里人。" } },
];
const $ = (id) => document.getElementById(id), NS = "http://www.w3.org/2000/svg";
let lang = (new URLSearchParams(location.search).get("lang") || navigator.language || "en").startsWith("zh") ? "zh" : "en";
let chosen = null, answers = SPOTS.map(() => null);

function part(name, marks, ...inside) { const e = document.createElementNS(NS, name); for (const k in marks) e.setAttribute(k, marks[k]); e.append(...inside); return e; }
const rect = (x, y, width, height, fill) => part("rect", { x, y, width, height, fill });
/** A square of modules that looks like a code and says nothing. */
function code(x, y, side, seed, paper = "#fff") {
  const g = part("g", {}, rect(x - 4, y - 4, side + 8, side + 8, paper)), n = 13, c = side / n;
  let s = seed * 7919 + 17;
  for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) {
    s = (s * 1103515245 + 12345) % 2147483648;
    const corner = (i < 5 && j < 5) || (i > 7 && j < 5) || (i < 5 && j > 7);
    if (!corner && s > 1073741824) g.append(rect(x + i * c, y + j * c, c + 0.3, c + 0.3, "#111"));
  }
  for (const [a, b] of [[0, 0], [8, 0], [0, 8]]) g.append(rect(x + a * c, y + b * c, 5 * c, 5 * c, "#111"), rect(x + (a + 1) * c, y + (b + 1) * c, 3 * c, 3 * c, paper), rect(x + (a + 1.7) * c, y + (b + 1.7) * c, 1.6 * c, 1.6 * c, "#111"));
  return g;
}
const SHAPES = {
  meter: () => [rect(92, 180, 16, 140, "#111"), part("path", { d: "M40 190V70a60 60 0 0 1 120 0v120z", fill: "#1463d8" }), rect(62, 40, 76, 30, "#bfe3ff")],
  museum: () => [rect(0, 120, 200, 200, "#e8e2d2"), part("path", { d: "M-12 120L100 40l112 80z", fill: "#111" }), rect(14, 130, 18, 190, "#cfc7b2"), rect(168, 130, 18, 190, "#cfc7b2"), rect(48, 136, 104, 120, "#c79a3a")],
  lamp: () => [rect(92, 0, 16, 320, "#111"), part("path", { d: "M60 0h80l-16-34H76z", fill: "#111" }), rect(42, 96, 116, 150, "#ffeef6")],
  menu: () => [rect(0, 60, 200, 260, "#d6006c"), part("path", { d: "M-10 60h220v34c-22 22-44 22-55 0c-11 22-44 22-55 0c-11 22-44 22-55 0c-11 22-33 22-55 0z", fill: "#fff" }), rect(42, 124, 116, 150, "#fff")],
  bike: () => [part("g", { fill: "none", stroke: "#111", "stroke-width": 11 }, part("circle", { cx: 40, cy: 266, r: 48 }), part("circle", { cx: 176, cy: 266, r: 48 }), part("path", { d: "M40 266l44-84h70l22 84M84 182l28 84h-72M112 266l42-84M146 160h30" })), rect(52, 70, 96, 96, "#0a9a63")],
  box: () => [rect(10, 130, 180, 190, "#b9783c"), rect(10, 130, 180, 34, "#a0642c"), rect(84, 130, 32, 80, "#e8d6b0")],
};
const PLACE = { meter: [64, 96, 72], museum: [62, 158, 76], lamp: [64, 150, 72], menu: [64, 158, 72], bike: [66, 84, 68], box: [64, 216, 72] };
function drawn(spot, i) {
  const [x, y, side] = PLACE[spot.shape], svg = part("svg", { viewBox: "-12 -40 224 360", "aria-hidden": "true" }, ...SHAPES[spot.shape](), code(x, y, side, i + 3));
  if (spot.slip) svg.append(part("g", { class: "slip" }, part("g", { transform: `rotate(${i % 2 ? -7 : 6} ${x + 36} ${y + 36})` }, code(x + 3, y + 3, side - 2, i + 40, "#fff27a"))));
  return svg;
}
function draw() {
  const w = WORDS[lang], good = answers.filter((a, i) => a !== null && a === SPOTS[i].ok).length, ended = answers.every((a) => a !== null);
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  document.title = w.name;
  document.querySelectorAll("[data-t]").forEach((e) => { e.textContent = w[e.dataset.t]; });
  $("lang").textContent = w.lang;
  if (!$("street").children.length) $("street").replaceChildren(...SPOTS.map((spot, i) => {
    const b = document.createElement("button");
    b.type = "button";
    b.append(document.createElement("b"), drawn(spot, i));
    b.addEventListener("click", () => { chosen = i; draw(); });
    return b;
  }));
  [...$("street").children].forEach((b, i) => {
    b.firstChild.textContent = SPOTS[i].name[lang];
    b.className = ["spot", answers[i] !== null && "done", answers[i] === false && SPOTS[i].slip && "peeled"].filter(Boolean).join(" ");
    b.setAttribute("aria-pressed", chosen === i);
  });
  const spot = chosen === null ? null : SPOTS[chosen], said = chosen === null ? null : answers[chosen];
  $("say").textContent = !spot ? w.start : said === null ? spot.look[lang] : (said === spot.ok ? w.right : w.wrong) + spot.why[lang];
  $("scan").disabled = $("peel").disabled = !spot || said !== null;
  $("score").textContent = ended ? w.end(good, SPOTS.length) : w.score(good, SPOTS.length);
}
function decide(scan) { answers[chosen] = scan; draw(); $("street").children[(chosen + 1) % SPOTS.length].focus(); }
$("scan").addEventListener("click", () => decide(true));
$("peel").addEventListener("click", () => decide(false));
$("lang").addEventListener("click", () => { lang = lang === "en" ? "zh" : "en"; draw(); });
draw();
