"use strict";
const WORDS = {
  en: { name: "Permission Garden", water: "Let it grow", weed: "Pull it out", next: "Next seed", again: "Plant again", lang: "中文", good: "It blooms. ", out: "The weed is out; a flower has room. ", bad: "It withers. ",
    state: (n, all) => `${n} of ${all} beds in bloom`, end: (n, all) => `${n} of ${all} in bloom. Your own phone has a garden too: Settings, Privacy. Weed it on Sundays.` },
  zh: { name: "权限花园", water: "让它长", weed: "拔掉", next: "下一颗种子", again: "重新种", lang: "English", good: "开花了。", out: "杂草拔了，花有了地方。", bad: "枯了。",
    state: (n, all) => `${all} 块地，开了 ${n} 朵`, end: (n, all) => `${all} 朵里开了 ${n} 朵。你的手机里也有一座花园：设置，隐私。每个星期天除一次草。` },
};
const SEEDS = [
  { grow: false, app: { en: "A torch", zh: "手电筒" }, ask: { en: "wants your contacts", zh: "想要你的通讯录" }, why: { en: "Light needs no address book.", zh: "照明用不着通讯录。" } },
  { grow: true, app: { en: "A map", zh: "地图" }, ask: { en: "wants your place, while you use it", zh: "想要你的位置（仅使用期间）" }, why: { en: "It cannot lead you without it; and only while you look.", zh: "没有位置就没法带路，而且只在你看的时候用。" } },
  { grow: false, app: { en: "A card game", zh: "纸牌游戏" }, ask: { en: "wants your microphone", zh: "想要麦克风" }, why: { en: "Cards do not listen.", zh: "纸牌不用听你说话。" } },
  { grow: true, app: { en: "A video call", zh: "视频通话" }, ask: { en: "wants your camera", zh: "想要摄像头" }, why: { en: "That is what you opened it for.", zh: "你打开它就是为了这个。" } },
  { grow: false, app: { en: "A weather page", zh: "天气页面" }, ask: { en: "wants your place, always", zh: "想一直知道你的位置" }, why: { en: "A town's name is enough for rain.", zh: "知道在哪座城市，就够报雨了。" } },
  { grow: true, app: { en: "A transfer app", zh: "银行应用" }, ask: { en: "wants to send you notices", zh: "想给你发通知" }, why: { en: "You want to hear at once when money moves.", zh: "钱一动，你就想马上知道。" } },
  { grow: false, app: { en: "A wallpaper pack", zh: "壁纸大全" }, ask: { en: "wants to read your messages", zh: "想读你的短信" }, why: { en: "Codes arrive there. That is why it asks.", zh: "验证码就在短信里，它要的正是这个。" } },
];
const $ = (id) => document.getElementById(id), NS = "http://www.w3.org/2000/svg", BLOOMS = ["#f26a4b", "#ffffff", "#ffc93c", "#c58af0", "#f08ab6", "#5aa9f0", "#f2553d"];
let lang = (new URLSearchParams(location.search).get("lang") || navigator.language || "en").startsWith("zh") ? "zh" : "en";
let at = 0, grown = [];

function part(name, marks) { const e = document.createElementNS(NS, name); for (const k in marks) e.setAttribute(k, marks[k]); return e; }
function plant(i, good) {
  const x = 70 + i * 110, tall = 150 + ((i * 67) % 90), top = 330 - tall, g = part("g", { class: i === grown.length - 1 ? "plant" : "" });
  g.append(part("path", { d: good ? `M${x} 340V${top}` : `M${x} 340C${x} 270 ${x + 6} 250 ${x + 44} 262`, stroke: good ? "#1f5130" : "#8a7a4a", "stroke-width": 9, fill: "none", "stroke-linecap": "round" }));
  if (!good) { g.append(part("circle", { cx: x + 46, cy: 272, r: 16, fill: "#8a7a4a" })); return g; }
  g.append(part("path", { d: `M${x} ${top + tall * 0.55}c34-34 56-22 60-4c-26 22-48 18-60 4z`, fill: "#2f7a47" }));
  for (let k = 0; k < 6; k++) g.append(part("circle", { cx: x + 27 * Math.cos(k * 1.0472), cy: top + 27 * Math.sin(k * 1.0472), r: 19, fill: BLOOMS[i % 7] }));
  g.append(part("circle", { cx: x, cy: top, r: 16, fill: i === 2 ? "#8a4b14" : "#3a2a10" }));
  return g;
}
function draw(answered = null) {
  const w = WORDS[lang], ended = at >= SEEDS.length, seed = SEEDS[Math.min(at, SEEDS.length - 1)], blooms = grown.filter(Boolean).length;
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  document.title = w.name;
  document.querySelectorAll("[data-t]").forEach((e) => { e.textContent = w[e.dataset.t]; });
  $("lang").textContent = w.lang;
  $("app").textContent = ended ? w.name : seed.app[lang];
  $("ask").textContent = ended ? w.end(blooms, SEEDS.length) : seed.ask[lang];
  const done = grown.length > at;
  $("why").textContent = done ? (grown[at] ? (seed.grow ? w.good : w.out) : w.bad) + seed.why[lang] : "";
  document.querySelector(".keys").hidden = done || ended;
  $("next").hidden = !(done || ended);
  $("next").textContent = ended ? w.again : w.next;
  $("state").textContent = w.state(blooms, SEEDS.length);
  $("bed").replaceChildren(part("circle", { cx: 690, cy: 70, r: 44, fill: "#ffe39a" }), ...SEEDS.map((_, i) => part("ellipse", { cx: 70 + i * 110, cy: 346, rx: 40, ry: 12, fill: "#173a24" })), ...grown.map((good, i) => plant(i, good)), part("rect", { x: -2000, y: 346, width: 5000, height: 30, fill: "#245a36" }));
  if (answered !== null) $("next").focus();
}
function choose(grow) { grown[at] = grow === SEEDS[at].grow; draw(grow); }
$("water").addEventListener("click", () => choose(true));
$("weed").addEventListener("click", () => choose(false));
$("next").addEventListener("click", () => { if (at >= SEEDS.length) { at = 0; grown = []; } else at += 1; draw(); });
$("lang").addEventListener("click", () => { lang = lang === "en" ? "zh" : "en"; draw(); });
draw();
