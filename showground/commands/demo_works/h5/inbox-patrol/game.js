"use strict";
const WORDS = {
  en: { name: "Inbox Patrol", from: "From", subject: "Subject", bait: "Bait", real: "Real", next: "Next letter", last: "See the result", again: "Again", lang: "中文",
    right: "Right. ", wrong: "Not this time. ", ask: "Bait or real? You have all the time you want.",
    end: (n, all) => `${n} of ${all} letters sorted well.\n${n === all ? "Nothing got past you." : "The ones that got past you were made to. Read the addresses once more."}` },
  zh: { name: "收件箱巡逻", from: "发件人", subject: "主题", bait: "鱼饵", real: "真信", next: "下一封", last: "看结果", again: "再来一次", lang: "English",
    right: "对。", wrong: "这次没看出来。", ask: "鱼饵还是真信？不限时间。",
    end: (n, all) => `${all} 封信分对了 ${n} 封。\n${n === all ? "没有一封能混过去。" : "混过去的那几封，本来就是为了混过去而写的。再看一遍发件地址。"}` },
};
const $ = (id) => document.getElementById(id);
let lang = (new URLSearchParams(location.search).get("lang") || navigator.language || "en").startsWith("zh") ? "zh" : "en";
let at = 0, right = 0, answer = null, order = shuffled(MAIL);

function shuffled(list) {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) { const j = Math.floor(Math.random() * (i + 1)); [out[i], out[j]] = [out[j], out[i]]; }
  return out;
}
function draw() {
  const w = WORDS[lang], mail = order[at], ended = at >= order.length;
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  document.title = w.name;
  document.querySelectorAll("[data-t]").forEach((e) => { e.textContent = w[e.dataset.t]; });
  $("lang").textContent = w.lang;
  document.body.classList.toggle("end", ended);
  $("count").textContent = ended ? "" : `${at + 1} / ${order.length}`;
  $("keys").hidden = answer !== null || ended;
  $("next").hidden = answer === null && !ended;
  $("next").textContent = ended ? w.again : at === order.length - 1 ? w.last : w.next;
  $("stamp").className = "stamp";
  $("stamp").textContent = "";
  if (ended) { $("text").textContent = w.end(right, order.length); $("why").textContent = ""; return; }
  $("who").textContent = mail.who[lang];
  for (const k of ["address", "link"]) $(k).textContent = mail[k];
  $("subject").textContent = mail.subject[lang];
  $("text").textContent = mail.text[lang];
  $("why").textContent = answer === null ? w.ask : (answer === mail.bait ? w.right : w.wrong) + mail.why[lang];
  if (answer !== null) { $("stamp").textContent = w[mail.bait ? "bait" : "real"]; $("stamp").classList.add(mail.bait ? "bait" : "real"); }
}
function judge(bait) {
  if (answer !== null || at >= order.length) return;
  answer = bait;
  if (bait === order[at].bait) right += 1;
  draw();
  $("next").focus();
}
function next() {
  if (at >= order.length) { at = 0; right = 0; order = shuffled(MAIL); } else at += 1;
  answer = null;
  draw();
}
$("bait").addEventListener("click", () => judge(true));
$("real").addEventListener("click", () => judge(false));
$("next").addEventListener("click", next);
$("lang").addEventListener("click", () => { lang = lang === "en" ? "zh" : "en"; draw(); });
addEventListener("keydown", (e) => { if (e.key === "ArrowLeft") judge(true); if (e.key === "ArrowRight") judge(false); });
draw();
