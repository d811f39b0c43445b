"use strict";
const WORDS = {
  en: { name: "Find the Real One", lang: "中文", again: "Another maze",
    task: (goal) => `You want to reach ${goal}. Three doors, three addresses; walk to the right one (arrow keys or buttons).`,
    fake: "A dead end with a good sign over it. Read the address from its right end.", won: (n) => `You are there, in ${n} steps. The rest of the web has fewer walls and more doors.` },
  zh: { name: "找到真的那个", lang: "English", again: "换一个迷宫",
    task: (goal) => `你要去 ${goal}。三扇门，三个网址，走到对的那一扇（方向键或按钮）。`,
    fake: "招牌很像的死胡同。网址要从右往左读。", won: (n) => `到了，走了 ${n} 步。真正的网络墙更少，门更多。` },
};
const ROUNDS = [
  ["bank.example", "bank.example.secure-help.example", "bank-example.example"],
  ["museum.example", "rnuseum.example", "museum.example.tickets.example"],
  ["post.city.example", "post-city.example", "post.city.example.pay.example"],
  ["school.example", "schoo1.example", "school.example.login.example"],
];
const N = 15, $ = (id) => document.getElementById(id), board = $("board"), ink = board.getContext("2d");
let lang = (new URLSearchParams(location.search).get("lang") || navigator.language || "en").startsWith("zh") ? "zh" : "en";
let open, doors, me, steps, said, round = Math.floor(Math.random() * ROUNDS.length);

/** Walls by walking at random and going back at dead ends; open holds the cells one may stand on. */
function build() {
  open = new Set(["1,1"]);
  const trail = [[1, 1]];
  while (trail.length) {
    const [x, y] = trail.at(-1);
    const ways = [[2, 0], [-2, 0], [0, 2], [0, -2]].filter(([a, b]) => x + a > 0 && y + b > 0 && x + a < N && y + b < N && !open.has(`${x + a},${y + b}`));
    if (!ways.length) { trail.pop(); continue; }
    const [a, b] = ways[Math.floor(Math.random() * ways.length)];
    open.add(`${x + a / 2},${y + b / 2}`).add(`${x + a},${y + b}`);
    trail.push([x + a, y + b]);
  }
  const names = ROUNDS[round % ROUNDS.length], spots = [[N - 2, 1], [1, N - 2], [N - 2, N - 2]].sort(() => Math.random() - 0.5);
  doors = names.map((name, i) => ({ name, real: i === 0, x: spots[i][0], y: spots[i][1], tried: false })).sort((p, q) => p.y - q.y || p.x - q.x);
  me = { x: 1, y: 1 }; steps = 0; said = "task";
}
function draw() {
  const w = WORDS[lang], goal = doors.find((d) => d.real), cell = board.width / N;
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  document.title = w.name;
  document.querySelectorAll("[data-t]").forEach((e) => { e.textContent = w[e.dataset.t]; });
  $("lang").textContent = w.lang;
  $("task").textContent = said === "task" ? w.task(goal.name) : said === "won" ? w.won(steps) : w.fake;
  board.setAttribute("aria-label", w.task(goal.name));
  $("doors").replaceChildren(...doors.map((d, i) => {
    const row = document.createElement("li"), mark = document.createElement("b");
    mark.textContent = "ABC"[i];
    row.className = d.tried ? (d.real ? "real" : "fake") : "";
    row.append(mark, d.name);
    return row;
  }));
  ink.fillStyle = "#33175c"; ink.fillRect(0, 0, board.width, board.height);
  ink.fillStyle = "#fff5fb";
  for (const key of open) { const [x, y] = key.split(",").map(Number); ink.fillRect(x * cell - 0.5, y * cell - 0.5, cell + 1, cell + 1); }
  ink.font = `700 ${cell * 0.62}px "Trebuchet MS", sans-serif`; ink.textAlign = "center"; ink.textBaseline = "middle";
  doors.forEach((d, i) => {
    ink.fillStyle = d.tried ? (d.real ? "#0d8a6a" : "#b9a3cf") : "#f08a24";
    ink.fillRect(d.x * cell, d.y * cell, cell, cell);
    ink.fillStyle = "#fff"; ink.fillText("ABC"[i], (d.x + 0.5) * cell, (d.y + 0.54) * cell);
  });
  ink.fillStyle = "#e0405e"; ink.beginPath(); ink.arc((me.x + 0.5) * cell, (me.y + 0.5) * cell, cell * 0.34, 0, 7); ink.fill();
}
function go(a, b) {
  if (said === "won" || !open.has(`${me.x + a},${me.y + b}`)) return;
  me.x += a; me.y += b; steps += 1;
  const door = doors.find((d) => d.x === me.x && d.y === me.y);
  if (door) { door.tried = true; said = door.real ? "won" : "fake"; }
  draw();
}
const KEYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
addEventListener("keydown", (e) => { if (KEYS[e.key]) { e.preventDefault(); go(...KEYS[e.key]); } });
document.querySelectorAll("[data-go]").forEach((b) => b.addEventListener("click", () => go(...b.dataset.go.split(" ").map(Number))));
let from = null;
board.addEventListener("pointerdown", (e) => { from = [e.clientX, e.clientY]; });
board.addEventListener("pointermove", (e) => {
  if (!from) return;
  const dx = e.clientX - from[0], dy = e.clientY - from[1];
  if (Math.max(Math.abs(dx), Math.abs(dy)) < 22) return;
  if (Math.abs(dx) > Math.abs(dy)) go(Math.sign(dx), 0); else go(0, Math.sign(dy));
  from = [e.clientX, e.clientY];
});
addEventListener("pointerup", () => { from = null; });
$("again").addEventListener("click", () => { round += 1; build(); draw(); });
$("lang").addEventListener("click", () => { lang = lang === "en" ? "zh" : "en"; draw(); });
build();
draw();
