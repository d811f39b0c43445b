"use strict";
const WORDS = {
  en: { name: "Two of a Kind", lang: "中文", again: "Deal again", start: "Turn two cards: a word and its meaning.", face: (n) => `Card ${n}, face down`, no: "Not a pair. Remember where they lie.",
    end: (n) => `All six pairs in ${n} turns.` },
  zh: { name: "成双成对", lang: "English", again: "重新发牌", start: "翻两张牌：一个词和它的意思。", face: (n) => `第 ${n} 张，背面朝上`, no: "不是一对。记住它们的位置。", end: (n) => `六对全部找到，用了 ${n} 回。` },
};
const PAIRS = [
  { en: ["Phishing", "A letter that wants your password"], zh: ["钓鱼", "想骗走密码的信"], why: { en: "Phishing: read who sent it and where the link goes.", zh: "钓鱼：看是谁发的，链接去哪里。" } },
  { en: ["Two steps", "Something you know and something you hold"], zh: ["两步验证", "你知道的加上你拿着的"], why: { en: "Two steps: a stolen password alone opens nothing.", zh: "两步验证：光偷到密码打不开门。" } },
  { en: ["Update", "A hole, mended"], zh: ["更新", "补好的洞"], why: { en: "Update: the hole is public from the day it is mended.", zh: "更新：洞补好的那天，全世界都知道了它在哪里。" } },
  { en: ["Backup", "The second copy, elsewhere"], zh: ["备份", "放在别处的另一份"], why: { en: "Backup: it only counts once you have tried to get it back.", zh: "备份：试着恢复过一次，才算数。" } },
  { en: ["Deepfake", "A face that never said it"], zh: ["深度伪造", "没说过这话的脸"], why: { en: "Deepfake: ask a question only the real one can answer.", zh: "深度伪造：问一个只有本人能答的问题。" } },
  { en: ["Permission", "What an app may touch"], zh: ["权限", "应用可以碰什么"], why: { en: "Permission: given once, kept for years. Look again.", zh: "权限：给一次，留几年。回头看看。" } },
];
const $ = (id) => document.getElementById(id);
let lang = (new URLSearchParams(location.search).get("lang") || navigator.language || "en").startsWith("zh") ? "zh" : "en";
let cards, up, found, turns, said;

function deal() {
  cards = PAIRS.flatMap((_, pair) => [{ pair, side: 0 }, { pair, side: 1 }]);
  for (let i = cards.length - 1; i > 0; i--) { const j = Math.floor(Math.random() * (i + 1)); [cards[i], cards[j]] = [cards[j], cards[i]]; }
  up = []; found = new Set(); turns = 0; said = () => WORDS[lang].start;
}
function draw(focus = null) {
  const w = WORDS[lang];
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  document.title = w.name;
  document.querySelectorAll("[data-t]").forEach((e) => { e.textContent = w[e.dataset.t]; });
  $("lang").textContent = w.lang;
  $("say").textContent = said();
  $("table").replaceChildren(...cards.map((card, i) => {
    const b = document.createElement("button"), shown = up.includes(i) || found.has(card.pair);
    b.type = "button";
    b.className = [shown && "up", card.side === 0 && "term", found.has(card.pair) && "found"].filter(Boolean).join(" ");
    b.textContent = shown ? PAIRS[card.pair][lang][card.side] : "";
    if (!shown) b.setAttribute("aria-label", w.face(i + 1));
    b.addEventListener("click", () => turn(i));
    return b;
  }));
  if (focus !== null) $("table").children[focus].focus();
}
function turn(i) {
  if (up.length === 2) up = [];
  if (up.includes(i) || found.has(cards[i].pair)) return draw(i);
  up.push(i);
  if (up.length === 2) {
    turns += 1;
    const [a, b] = up.map((n) => cards[n].pair);
    if (a === b) { found.add(a); const n = turns; said = found.size === PAIRS.length ? () => `${PAIRS[a].why[lang]} ${WORDS[lang].end(n)}` : () => PAIRS[a].why[lang]; } else said = () => WORDS[lang].no;
  }
  draw(i);
}
addEventListener("keydown", (e) => {
  const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 }[e.key], all = [...$("table").children], at = all.indexOf(document.activeElement);
  if (!step || at < 0) return;
  const wide = getComputedStyle($("table")).gridTemplateColumns.split(" ").length, to = at + (e.key.endsWith("Up") || e.key.endsWith("Down") ? step * wide : step);
  if (all[to]) { e.preventDefault(); all[to].focus(); }
});
$("again").addEventListener("click", () => { deal(); draw(); });
$("lang").addEventListener("click", () => { lang = lang === "en" ? "zh" : "en"; draw(); });
deal();
draw();
