"use strict";
// A page: clock, lines (t them, m me, a aside), ways on [next page, words]. An end has no ways.
const PAGES = {
  start: { clock: "21:15", lines: [["a", "You are drying the last plate. The phone rings.", "你正在擦最后一只盘子。电话响了。"], ["t", "Mum? It's me. Don't be cross.", "妈？是我。你先别生气。"], ["a", "It is your son's voice. He sounds as if he had been running.", "是儿子的声音，像是刚跑过步。"]],
    ways: [["money", "What happened?", "出什么事了？"], ["cat", "Say what our first cat was called.", "你说，咱家第一只猫叫什么？"]] },
  money: { clock: "21:17", lines: [["m", "What happened?", "出什么事了？"], ["t", "I hit somebody's car. They want the money now or they call the police. Four thousand. I'm sending you the account.", "我蹭了人家的车，他们要现在赔钱，不然就报警。四千。我把账号发给你。"], ["a", "A message arrives while he is still speaking. The account is in a name you do not know.", "他还没说完，短信就到了。户名你不认识。"]],
    ways: [["pay", "Open the banking app.", "打开银行应用。"], ["back", "I will ring you back on your own number.", "我打你自己的号码，给你打回去。"], ["cat", "Say what our first cat was called.", "你说，咱家第一只猫叫什么？"]] },
  cat: { clock: "21:18", lines: [["m", "Say what our first cat was called.", "你说，咱家第一只猫叫什么？"], ["t", "Mum, there is no time for this!", "妈，都什么时候了！"], ["a", "The voice is perfect. Only the laugh is missing; he always laughs about that cat.", "声音一点不差，就是少了那声笑。一说起那只猫，他从来都要笑。"]],
    ways: [["back", "Then there is time to ring you back.", "那我打回去，也来得及。"], ["pay", "All right, all right. Where do I send it?", "好好好，钱打到哪儿？"]] },
  pay: { clock: "21:24", lines: [["a", "You type in the number. The app shows a yellow page: new payee. Are you talking to somebody on the phone right now?", "你输入账号。屏幕变成黄色：新的收款人。你现在是不是正在和别人通话？"], ["t", "Just press no, Mum. Everybody does.", "点“否”就行，妈，大家都这么点。"]],
    ways: [["gone", "Press it.", "点下去。"], ["back", "Put the phone down.", "把电话放下。"]] },
  gone: { clock: "21:31", end: true, lines: [["a", "It takes four seconds. The line is dead before the plate is dry.", "只用了四秒。盘子还没干，电话已经断了。"], ["a", "You ring the bank first, at the number on the card, then the police. The woman at the bank does not sound surprised. She says: you rang within ten minutes, that is good. It can happen to anyone who loves somebody.", "你先照卡背面的号码打给银行，再报警。银行的姑娘并不吃惊，她说：您十分钟之内就打来了，这很好。心里有人的人，都可能碰上。"]] },
  back: { clock: "21:20", end: true, lines: [["m", "I am ringing you back.", "我给你打回去。"], ["a", "You hang up in the middle of a word and press the name you have pressed a thousand times. It rings twice.", "你不等他说完就挂了，按下那个按过一千遍的名字。响了两声。"], ["t", "Mum? I'm on the tram. Is it about Sunday?", "妈？我在电车上呢，是说星期天的事？"], ["a", "You sit down on the kitchen floor, and you both laugh about the cat.", "你坐在厨房的地上，和他一起笑那只猫。"]] },
};
const WORDS = { en: { name: "Quarter Past Nine", lang: "中文", again: "From the beginning", end: "A voice is no proof. The number you already know is." }, zh: { name: "九点一刻", lang: "English", again: "从头再来", end: "声音不是证据。你早就知道的那个号码才是。" } };
const $ = (id) => document.getElementById(id);
let lang = (new URLSearchParams(location.search).get("lang") || navigator.language || "en").startsWith("zh") ? "zh" : "en";
let page = "start";

function line(kind, text) {
  const p = document.createElement("p");
  p.className = { t: "them", m: "me", a: "aside", e: "end" }[kind];
  p.textContent = text;
  return p;
}
function draw(focus = false) {
  const w = WORDS[lang], now = PAGES[page], words = (row) => row[lang === "en" ? 1 : 2];
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  document.title = w.name;
  document.querySelectorAll("[data-t]").forEach((e) => { e.textContent = w[e.dataset.t]; });
  $("lang").textContent = w.lang;
  $("clock").textContent = now.clock;
  $("talk").replaceChildren(...now.lines.map((row) => line(row[0], words(row))), ...(now.end ? [line("e", w.end)] : []));
  const ways = now.end ? [["start", w.again, w.again]] : now.ways;
  $("ways").replaceChildren(...ways.map((row) => {
    const b = document.createElement("button");
    b.type = "button";
    b.textContent = words(row);
    b.addEventListener("click", () => { page = row[0]; draw(true); });
    return b;
  }));
  if (focus) $("ways").firstChild.focus();
}
$("lang").addEventListener("click", () => { lang = lang === "en" ? "zh" : "en"; draw(); });
draw();
