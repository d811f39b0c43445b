"use strict";
const WORDS = {
  en: { name: "The Password Kiln", lang: "中文", label: "Knead an invented password", warn: "Never a real one, here or in any other game. Nothing leaves this page.", words: "Five random words", usual: "The usual one",
    empty: "An empty kiln. Type, and the glaze follows every character.", bits: (n) => `About 2 to the power ${n} guesses`,
    kinds: ["This one cracks while it is still warm.", "Thin. A patient machine has it by the weekend.", "Well thrown. It should outlive the shelf.", "A pot for generations. Give it to one place only."],
    common: "It stands in every list of stolen passwords. The first guess breaks it." },
  zh: { name: "密码窑", lang: "English", label: "捏一个编出来的密码", warn: "不要用真的密码，在这里和任何游戏里都不要。内容不会离开这个页面。", words: "随机五个词", usual: "最常见的那个",
    empty: "窑还是空的。每打一个字，釉彩就多一笔。", bits: (n) => `大约要猜 2 的 ${n} 次方次`,
    kinds: ["还没凉就裂了。", "胎太薄，有耐心的机器一个周末就能打碎。", "拉坯不错，架子坏了它都不会坏。", "传家的罐子。记得只放在一个地方。"],
    common: "它在每一份泄露名单里，第一次就会被猜中。" },
};
const POOL = "amber anchor autumn basket beacon bishop bottle branch bridge button candle canyon carpet castle cello cherry cobalt copper cotton cousin crater dancer desert dragon engine fabric falcon feather fiddle flagon forest garlic geyser ginger goblet hammer harbor hazel hermit island jacket jungle kettle ladder lantern lemon lizard magnet marble meadow mirror mitten monsoon nickel noodle oyster pebble pepper pigeon planet pocket quarry rabbit ribbon river saddle salmon shadow silver spider spruce summit teapot temple thunder timber turtle velvet violin walnut willow window winter wizard zephyr".split(" ");
const COMMON = ["123456", "12345678", "123456789", "password", "qwerty", "111111", "123123", "abc123", "password1", "iloveyou", "admin", "000000", "woaini", "5201314", "letmein", "a123456", "qwerty123", "1q2w3e4r"];
const $ = (id) => document.getElementById(id), NS = "http://www.w3.org/2000/svg", BLUE = "#1f3fa8";
let lang = (new URLSearchParams(location.search).get("lang") || navigator.language || "en").startsWith("zh") ? "zh" : "en";

/** A rough count of guesses in bits: known lists first, then words (as from a list of 7,776, of which POOL is a taste), then characters; repeated characters count little. */
function bits(text) {
  if (!text) return 0;
  if (COMMON.includes(text.toLowerCase())) return 4;
  const parts = text.toLowerCase().split(/[^a-z]+/).filter(Boolean), known = parts.filter((p) => POOL.includes(p));
  if (known.length && known.length === parts.length && !/\d/.test(text)) return Math.round(known.length * 12.9);
  let kinds = 0;
  for (const [pattern, size] of [[/[a-z]/, 26], [/[A-Z]/, 26], [/\d/, 10], [/[ -/:-@[-`{-~]/, 33], [/[^ -~]/, 3000]]) if (pattern.test(text)) kinds += size;
  let length = 0;
  [...text].forEach((c, i, all) => { const step = i ? c.codePointAt(0) - all[i - 1].codePointAt(0) : 9; length += Math.abs(step) <= 1 ? 0.3 : 1; });
  return Math.round(length * Math.log2(kinds) * (/^[A-Z]?[a-z]+\d{1,4}!?$/.test(text) ? 0.55 : 1));
}
function part(name, marks) { const e = document.createElementNS(NS, name); for (const k in marks) e.setAttribute(k, marks[k]); return e; }
/** Half the vase's width at height y. */
function girth(y) {
  const stops = [[40, 66], [70, 48], [115, 46], [165, 88], [225, 134], [280, 134], [350, 94], [400, 72], [424, 76]];
  const i = Math.max(1, stops.findIndex(([at]) => at >= y)), [p, a, b, q] = [i - 2, i - 1, i, i + 1].map((k) => stops[Math.min(Math.max(k, 0), stops.length - 1)]);
  const u = (y - a[0]) / (b[0] - a[0]), lean = (m, n) => ((n[1] - m[1]) / (n[0] - m[0] || 1)) * (b[0] - a[0]), s0 = lean(p, b), s1 = lean(a, q);
  return (2 * u ** 3 - 3 * u * u + 1) * a[1] + (u ** 3 - 2 * u * u + u) * s0 + (3 * u * u - 2 * u ** 3) * b[1] + (u ** 3 - u * u) * s1;
}
function outline() {
  const ys = Array.from({ length: 97 }, (_, i) => 40 + i * 4);
  return "M" + ys.map((y) => `${200 - girth(y)} ${y}`).join("L") + "L" + ys.reverse().map((y) => `${200 + girth(y)} ${y}`).join("L") + "Z";
}
function band(g, y, h, code) {
  const kind = code % 6, wide = girth(y + h / 2) + 4, count = 5 + (code % 7), step = (2 * wide) / count;
  for (let i = 0; i < count; i++) {
    const x = 200 - wide + (i + 0.5) * step, m = y + h / 2, r = Math.min(h * 0.36, step * 0.42);
    if (kind === 0) g.append(part("circle", { cx: x, cy: m, r, fill: BLUE }));
    if (kind === 1) g.append(part("path", { d: `M${x - step / 2} ${y + h - 3}L${x} ${y + 3}L${x + step / 2} ${y + h - 3}`, fill: "none", stroke: BLUE, "stroke-width": 3 }));
    if (kind === 2) { for (let k = 0; k < 5; k++) g.append(part("ellipse", { cx: x + r * 0.6 * Math.cos(k * 1.257), cy: m + r * 0.6 * Math.sin(k * 1.257), rx: r * 0.42, ry: r * 0.42, fill: BLUE })); g.append(part("circle", { cx: x, cy: m, r: r * 0.28, fill: "#eef1ee" })); }
    if (kind === 3) g.append(part("path", { d: `M${x - step / 2} ${m}q${step / 4} ${-h * 0.7} ${step / 2} 0t${step / 2} 0`, fill: "none", stroke: BLUE, "stroke-width": 3.4 }));
    if (kind === 4) g.append(part("path", { d: `M${x} ${y + 2}L${x + r} ${m}L${x} ${y + h - 2}L${x - r} ${m}Z`, fill: i % 2 ? "none" : BLUE, stroke: BLUE, "stroke-width": 2.4 }));
    if (kind === 5) for (let k = 1; k < 4; k++) g.append(part("path", { d: `M${x - step / 2} ${y + h - 2}a${step / 2} ${h * 0.9} 0 0 1 ${step} 0`, fill: "none", stroke: BLUE, "stroke-width": 2, transform: `translate(${x * (1 - k / 3)} ${(y + h) * (1 - k / 3)}) scale(${k / 3})` }));
  }
  g.append(part("path", { d: `M0 ${y}H400`, stroke: BLUE, "stroke-width": 2.4 }));
}
function draw() {
  const w = WORDS[lang], text = $("clay").value, n = bits(text), level = n < 30 ? 0 : n < 45 ? 1 : n < 64 ? 2 : 3;
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  document.title = w.name;
  document.querySelectorAll("[data-t]").forEach((e) => { e.textContent = w[e.dataset.t]; });
  $("lang").textContent = w.lang;
  $("verdict").textContent = !text ? w.empty : COMMON.includes(text.toLowerCase()) ? w.common : `${w.bits(n)}. ${w.kinds[level]}`.replace(lang === "zh" ? ". " : "\0", "。");
  const clip = part("clipPath", { id: "body" }), glaze = part("g", { "clip-path": "url(#body)" }), shape = outline();
  clip.append(part("path", { d: shape }));
  const rows = Math.min(14, Math.round(n / 5.5)), h = 380 / Math.max(rows, 6), letters = [...text];
  for (let i = 0; i < rows; i++) band(glaze, 424 - (i + 1) * h, h, letters[i % letters.length].codePointAt(0) + i * (level === 3 ? 1 : 0));
  const shine = part("path", { d: "M112 250C104 210 130 190 140 160", fill: "none", stroke: "#fff", "stroke-width": 12, "stroke-linecap": "round", opacity: 0.8 });
  const cracks = part("path", { d: text && level === 0 ? "M190 44l14 46-22 34 30 50-26 44 34 60-20 52 12 90M212 174l46 22 20 40M186 218l-50 26" : "", fill: "none", stroke: "#3a2a1a", "stroke-width": 3.5 });
  $("vase").replaceChildren(clip, part("ellipse", { cx: 200, cy: 430, rx: 120, ry: 14, fill: "#c9d2cf" }), part("path", { d: shape, fill: "#fbfdfb" }), glaze, part("path", { d: shape, fill: "none", stroke: "#14275e", "stroke-width": 4 }), shine, cracks);
}
$("clay").addEventListener("input", draw);
$("words").addEventListener("click", () => {
  const pick = crypto.getRandomValues(new Uint32Array(5));
  $("clay").value = [...pick].map((n) => POOL[n % POOL.length]).join(" ");
  draw();
});
$("usual").addEventListener("click", () => { $("clay").value = "123456"; draw(); });
$("lang").addEventListener("click", () => { lang = lang === "en" ? "zh" : "en"; draw(); });
draw();
