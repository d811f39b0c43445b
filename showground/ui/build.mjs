// Builds the front end into static/ui/dist: style sheets, scripts and fonts, all from npm packages and the files beside this one.
// `npm run build` (once) or `npm run watch`. No network; a second run gives the same bytes.
import { build, context } from "esbuild";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import subsetFont from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "..", "..", "node_modules");
const dist = join(here, "static", "ui", "dist");
const watched = process.argv.includes("--watch");
/** Made beside and moved in whole: whoever reads the folder meanwhile (a site that starts, a test) never finds half of it. */
const out = watched ? dist : join(here, `.dist-${process.pid}`);

/** The classes that give an element its share of a row: .r-133 grows by 133 (a picture of 4:3; all above 1, for shares below a sum of 1 would not fill the row), .h-27 hangs 270 px high. */
function ratios() {
  const rows = [];
  for (let hundredths = 30; hundredths <= 320; hundredths++) rows.push(`.r-${hundredths}{flex-grow:${hundredths}}`);
  for (let tenths = 1; tenths <= 80; tenths++) rows.push(`.g-${tenths}{flex-grow:${tenths * 10}}`);
  for (let tens = 14; tens <= 34; tens++) rows.push(`.h-${tens}{--h:${tens * 10}px}`);
  return rows.map((rule) => rule.replace(/^\.([rg])-/, ".works>.$1-")).join("\n");
}

const locale = join(here, "..", "locale", "zh_Hans", "LC_MESSAGES", "django.po");
const hanIn = (text) => text.match(/\p{Script=Han}/gu) ?? [];

/** The catalogue as a map from English to Chinese; plural forms are joined. */
function catalogue() {
  const found = new Map();
  if (!existsSync(locale)) return found;
  for (const entry of readFileSync(locale, "utf8").split(/\n\n+/)) {
    const said = { msgid: "", msgid_plural: "", msgstr: "" };
    let field = "";
    for (const line of entry.split("\n")) {
      const part = line.match(/^(msgid_plural|msgid|msgstr)?(?:\[\d\])?\s*"(.*)"$/);
      if (!part || line.startsWith("msgctxt")) continue;
      field = part[1] ?? field;
      if (field) said[field] += JSON.parse(`"${part[2]}"`);
    }
    for (const english of [said.msgid, said.msgid_plural]) if (english) found.set(english, (found.get(english) ?? "") + said.msgstr);
  }
  return found;
}

// The rooms whose heads share one piece of the Song face. Halls and boards are read on slow lines in the booth: theirs is small.
const PIECES = { halls: ["exhibition", "ui"], heads: ["showcase", "voting", "quiz", "people"] };
const PLAN = ["Call", "Vote", "Jury", "Result"]; // the rooms of the plan, named in showcase/queries.py

/** The English of every head of some rooms' public pages: what stands in h1 to h3 of their templates, and in the bold lines of ui/. */
function headsOf(rooms) {
  const found = rooms.includes("showcase") ? [...PLAN] : [];
  for (const room of rooms) {
    const root = join(here, "..", room, "templates");
    const files = readdirSync(root, { recursive: true }).filter((name) => name.endsWith(".html") && !/specimen|desk/.test(name));
    found.push(...headsIn(files.map((name) => join(root, name)), room === "ui" ? /<(?:h[1-3]|b)[^>]*>(.*?)<\/(?:h[1-3]|b)>/gs : undefined));
  }
  return found;
}

function headsIn(files, heads = /<(?:h[1-3]|span class="h")[^>]*>(.*?)<\/(?:h[1-3]|span)>/gs) {
  const found = [];
  for (const file of files) {
    for (const [, head] of readFileSync(file, "utf8").matchAll(heads)) {
      for (const [, text] of head.matchAll(/{%\s*translate "([^"]+)"/g)) found.push(text);
      for (const [, body] of head.matchAll(/{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate/gs)) {
        const named = body.replace(/{{\s*(?:\w+\.)*(\w+)[^}]*}}/g, "%($1)s").split(/{%\s*plural\s*%}/);
        found.push(...named.map((text) => text.replace(/\s+/g, " ").trim()));
      }
    }
  }
  return found;
}

/** Pieces of English texts, in Chinese: a character is in the first piece that needs it. */
function pieces(texts) {
  const said = catalogue(), there = new Set();
  return Object.entries(texts).map(([name, english]) => {
    const needed = [...new Set(english.flatMap((text) => hanIn(said.get(text) ?? "")))].filter((one) => !there.has(one)).sort();
    needed.forEach((one) => there.add(one));
    return [name, needed];
  });
}

/** The heads of the report desk's public pages, by sheet and piece: `report` are the pages of those who report, `open` the others.
 *  What is read first, in a hurry or on a slow line, is a piece of its own. Some heads are words that queries choose. */
function headsOfDesk() {
  const room = join(here, "..", "reports"), pages = join(room, "templates", "reports");
  const read = (...path) => readFileSync(join(room, ...path), "utf8");
  const files = readdirSync(pages).filter((name) => name.endsWith(".html") && !/desk|hand|^_/.test(name));
  const heads = (fits) => headsIn(files.filter(fits).map((name) => join(pages, name)));
  const light = (name) => read("templates", "reports", name).includes('"reports/_frame.html"');
  const between = (text, first, last) => text.slice(text.indexOf(first), text.indexOf(last));
  const words = (text) => [...text.matchAll(/n_\("([^"]+)"\)/g)].map(([, one]) => one);
  const harms = [...read("queries", "harms.py").matchAll(/Words\(\s*n_\("([^"]+)"\)/g)].map(([, one]) => one);
  const states = words(between(read("queries", "reporter.py"), "_REPORT =", "_REFERRAL ="));
  const outcomes = words(between(read("queries", "figure_words.py"), '"refer":', '"acted":'));
  const door = (name) => /^(report|tell|code|look|later|advice)\./.test(name), figures = (name) => name.startsWith("figures");
  return {
    report: { door: [...heads(door), ...harms, "Show us"], page: [...heads((name) => light(name) && !door(name)), ...states] },
    open: { figures: heads(figures), open: [...heads((name) => !light(name) && !figures(name)), ...outcomes] },
  };
}

const LOCAL = 'local("Songti SC"),local("STSongti-SC-Bold"),local("Noto Serif CJK SC Bold"),local("NotoSerifCJKsc-Bold")';
// What somebody typed (titles, names of weeks and categories) is set whole in the reader's own Song or Hei: half in one face and
// half in another is a fault.
const TYPED =
  ':is(.typed,.lab .t,a.mark,.hang .label b,.won a){--head:Besley,"Songti SC","Noto Serif CJK SC","Noto Serif SC",STSong,' +
  '"PingFang SC","HarmonyOS Sans SC",MiSans,"Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei",sans-serif}';
const MARKS = "，。、；：？！（）《》〈〉“”‘’—…·「」『』";

function face(family, url, ranges) {
  return `@font-face{font-family:"${family}";font-weight:700;font-display:swap;src:${LOCAL},url("${url}") format("woff2");unicode-range:${ranges}}`;
}

/** The same as range(), what follows one another said as a span. */
const spans = (characters) => {
  const codes = [...new Set([...characters].map((c) => c.codePointAt(0)))].sort((a, b) => a - b), found = [];
  for (const code of codes) {
    if (found.length && found.at(-1)[1] === code - 1) found.at(-1)[1] = code;
    else found.push([code, code]);
  }
  return found.map(([first, last]) => `U+${first.toString(16)}${last > first ? `-${last.toString(16)}` : ""}`).join(",");
};
const range = (characters) => [...characters].map((c) => `U+${c.codePointAt(0).toString(16)}`).join(",");

/** song.css: the heads of the public pages as a Song face, in two pieces. A title that somebody typed is set in the reader's own
 *  Song or Hei (class "typed"): slices for all of Chinese would cost a phone hundreds of kilobytes. Returns the rules of the desk's
 *  pieces, by sheet: they have the space too, so that Chinese heads without a Latin letter ask for no Latin face. */
async function song() {
  const whole = readFileSync(join(modules, "@fontsource", "noto-serif-sc", "files", "noto-serif-sc-chinese-simplified-700-normal.woff2"));
  mkdirSync(join(out, "song"), { recursive: true });
  const faces = async (texts, first) => {
    let rules = "";
    for (const [at, [name, needed]] of pieces(texts).entries()) {
      const characters = at ? needed : [...needed, ...first];
      writeFileSync(join(out, "song", `song-${name}.woff2`), await subsetFont(whole, characters.join(""), { targetFormat: "woff2" }));
      rules += face("Song Heads", `song/song-${name}.woff2`, range(characters));
    }
    return rules;
  };
  const rooms = Object.fromEntries(Object.entries(PIECES).map(([name, rooms]) => [name, headsOf(rooms)]));
  writeFileSync(join(out, "song.css"), (await faces(rooms, MARKS)) + TYPED);
  const desk = headsOfDesk();
  return { report: await faces(desk.report, ` ${MARKS}`), open: await faces(desk.open, ` ${MARKS}`) };
}

/** report.css gets its faces in front: plain Latin and the characters of its own heads, so that a page stays under 60 kB with everything
 *  it needs. open.css has those of the desk's other public pages, and takes the letters of hashes and codes alone. hall.css comes after
 *  showground.css: what its two faces lack (é, ł) is fetched from the whole ones, and whoever goes on to report has them already. */
async function basicFaces(desk) {
  const plain = Array.from({ length: 95 }, (_, at) => String.fromCodePoint(32 + at)).join("") + "\u00a0·×–—‘’“”…";
  const cut = [
    ["Besley", "@fontsource/besley/files/besley-latin-600-normal.woff2", "500 900", {}],
    ["Instrument Sans", "@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2", "400 600", { wght: { min: 400, max: 600 } }],
    ["Spline Sans Mono", "@fontsource/spline-sans-mono/files/spline-sans-mono-latin-500-normal.woff2", "400 600", {}],
  ];
  let faces = "", last = "", halls = "";
  for (const [family, file, weight, variationAxes] of cut) {
    const name = `fonts/basic-${family.toLowerCase().replaceAll(" ", "-")}.woff2`;
    const text = family === "Spline Sans Mono" ? "0123456789abcdef " : plain;
    writeFileSync(join(out, name), await subsetFont(readFileSync(join(modules, file)), text, { targetFormat: "woff2", variationAxes }));
    last = `@font-face{font-family:"${family}";font-weight:${weight};font-display:swap;src:url("${name}") format("woff2");unicode-range:${spans(text)}}`;
    faces += last;
    // the weights as fonts.css says them: only then is it one face in pieces, and a piece that no letter needs stays where it is
    if (family !== "Spline Sans Mono") halls += last.replace("400 600", "400 700");
  }
  writeFileSync(join(out, "hall.css"), halls + readFileSync(join(out, "hall.css"), "utf8"));
  writeFileSync(join(out, "report.css"), faces + desk.report + readFileSync(join(out, "report.css"), "utf8"));
  writeFileSync(join(out, "open.css"), last + desk.open + readFileSync(join(out, "open.css"), "utf8"));
}

/** print/: the two Latin faces as files that the typesetter reads; the demo's boards are set in them. */
async function printFaces() {
  const latin = Array.from({ length: 0x180 - 0x20 }, (_, at) => String.fromCodePoint(0x20 + at)).join("") + "–—‘’“”…•→€";
  const cut = [
    ["Besley-Bold", "@fontsource/besley/files/besley-latin-700-normal.woff2", {}],
    ["InstrumentSans-Medium", "@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2", { wght: 500 }],
  ];
  mkdirSync(join(out, "print"), { recursive: true });
  for (const [name, file, variationAxes] of cut) {
    const made = await subsetFont(readFileSync(join(modules, file)), latin, { targetFormat: "sfnt", variationAxes });
    writeFileSync(join(out, "print", `${name}.ttf`), made);
  }
}

const options = {
  absWorkingDir: here,
  entryPoints: { showground: "css/showground.css", desk: "css/desk.css", report: "css/report.css", open: "css/open.css", quiz: "css/quiz.css", hall: "css/hall.css", app: "js/app.js" },
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

// The zoom is fetched by browsers that know <dialog>; older ones get the picture itself.
const zoom = { ...options, entryPoints: { zoom: "js/zoom.js" }, target: ["chrome80", "firefox98", "safari15.4"], supported: { destructuring: true }, legalComments: "eof", plugins: [] };

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
cpSync(join(modules, "htmx.org", "dist", "htmx.min.js"), join(out, "htmx.js"));
if (watched) {
  const watching = await context(options);
  await build(zoom);
  await song();
  await watching.watch(); // report.css stands without its own faces here, in the reader's
} else {
  const [desk] = await Promise.all([song(), build(options), build(zoom), printFaces()]);
  await basicFaces(desk);
  const files = readdirSync(out, { recursive: true }).length;
  const last = join(here, `.dist-${process.pid}-last`);
  if (existsSync(dist)) renameSync(dist, last);
  renameSync(out, dist);
  rmSync(last, { recursive: true, force: true });
  console.log(`ui: ${files} files built`);
}
