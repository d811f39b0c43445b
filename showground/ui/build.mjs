// Builds the front end into static/ui/dist: style sheets, scripts and fonts, all from npm packages and the files beside this one.
// `npm run build` (once) or `npm run watch`. No network; a second run gives the same bytes.
import { build, context } from "esbuild";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import subsetFont from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "..", "..", "node_modules");
const out = join(here, "static", "ui", "dist");

/** The classes that give an element its share of a row: .r-133 grows by 133 (a picture of 4:3; all above 1, for shares below a sum of 1 would not fill the row), .h-27 hangs 270 px high. */
function ratios() {
  const rows = [];
  for (let hundredths = 30; hundredths <= 320; hundredths++) rows.push(`.r-${hundredths}{flex-grow:${hundredths}}`);
  for (let tenths = 1; tenths <= 80; tenths++) rows.push(`.g-${tenths}{flex-grow:${tenths * 10}}`);
  for (let tens = 14; tens <= 34; tens++) rows.push(`.h-${tens}{--h:${tens * 10}px}`);
  return rows.map((rule) => rule.replace(/^\.([rg])-/, ".works>.$1-")).join("\n");
}

/** Every Han character of the interface, the most frequent first: what heads in Chinese are made of. */
function hanOfTheInterface() {
  const catalogue = join(here, "..", "locale", "zh_Hans", "LC_MESSAGES", "django.po");
  const text = existsSync(catalogue) ? readFileSync(catalogue, "utf8") : "";
  const count = new Map();
  for (const character of text.match(/\p{Script=Han}/gu) ?? []) count.set(character, (count.get(character) ?? 0) + 1);
  return [...count].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([character]) => character);
}

const LOCAL = 'local("Songti SC"),local("STSongti-SC-Bold"),local("Noto Serif CJK SC Bold"),local("NotoSerifCJKsc-Bold")';
const MARKS = "，。、；：？！（）《》〈〉“”‘’—…·「」『』";

function face(family, url, ranges) {
  return `@font-face{font-family:"${family}";font-weight:700;font-display:swap;src:${LOCAL},url("${url}") format("woff2");unicode-range:${ranges}}`;
}

const range = (characters) => [...characters].map((c) => `U+${c.codePointAt(0).toString(16)}`).join(",");

/** song.css: the interface's own characters in two small pieces, asked for at once on a Chinese page. song-rest.css: all other
 *  characters in the unicode-range slices of the package; its 30 kB of ranges are fetched when the page stands. */
async function song() {
  const root = join(modules, "@fontsource", "noto-serif-sc");
  const whole = readFileSync(join(root, "files", "noto-serif-sc-chinese-simplified-700-normal.woff2"));
  const han = hanOfTheInterface();
  const sheet = readFileSync(join(root, "700.css"), "utf8");
  const rest = [];
  mkdirSync(join(out, "song"), { recursive: true });
  for (const [, file, ranges] of sheet.matchAll(/files\/(noto-serif-sc-\d+-700-normal\.woff2)[^}]*?unicode-range: ([^;]+);/g)) {
    cpSync(join(root, "files", file), join(out, "song", file));
    rest.push(face("Song Rest", `song/${file}`, ranges.toLowerCase().replaceAll("u+", "U+").replaceAll(" ", "")));
  }
  const own = [];
  for (const [name, piece] of [["song-b", han.slice(400)], ["song-a", han.slice(0, 400).concat([...MARKS])]]) {
    if (!piece.length) continue;
    writeFileSync(join(out, "song", `${name}.woff2`), await subsetFont(whole, piece.join(""), { targetFormat: "woff2" }));
    own.push(face("Song Heads", `song/${name}.woff2`, range(piece)));
  }
  writeFileSync(join(out, "song.css"), own.join("\n"));
  writeFileSync(join(out, "song-rest.css"), rest.join("\n"));
}

const options = {
  absWorkingDir: here,
  entryPoints: { showground: "css/showground.css", desk: "css/desk.css", app: "js/app.js" },
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome80", "firefox78", "safari13.1"],
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]",
  nodePaths: [modules],
  logLevel: "warning",
  legalComments: "none",
  plugins: [{
    name: "ratios",
    setup(step) {
      step.onResolve({ filter: /ratios\.css$/ }, () => ({ path: "ratios.css", namespace: "ratios" }));
      step.onLoad({ filter: /.*/, namespace: "ratios" }, () => ({ contents: ratios(), loader: "css" }));
    },
  }],
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
cpSync(join(modules, "htmx.org", "dist", "htmx.min.js"), join(out, "htmx.js"));
if (process.argv.includes("--watch")) {
  const watching = await context(options);
  await song();
  await watching.watch();
} else {
  await Promise.all([build(options), song()]);
  const files = readdirSync(out, { recursive: true }).length;
  console.log(`ui: ${files} files built`);
}
