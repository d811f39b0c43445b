// Answers for the copy of one hall when there is no network. It is told of pages below its own address only, keeps nothing by
// itself, and looks only into what the visitor chose to keep (kept.js).
const HOME = new URL("./", self.location.href).pathname;
const PREFIX = `kept:${HOME}:`;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** The copy that is whole: it holds its own description. */
async function whole() {
  for (const name of (await caches.keys()).filter((one) => one.startsWith(PREFIX)).reverse()) {
    const copy = await caches.open(name);
    if (await copy.match(`${HOME}about`)) return copy;
  }
  return null;
}

/** A player asks for a part of a sound: it gets that part. */
async function part(answer, asked) {
  const found = /bytes=(\d+)-(\d*)/.exec(asked);
  if (!found) return answer;
  const body = await answer.blob();
  const first = Number(found[1]);
  const last = Math.min(found[2] ? Number(found[2]) : body.size - 1, body.size - 1);
  if (first > last) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${body.size}` } });
  const headers = { "Content-Type": answer.headers.get("Content-Type") || "", "Content-Range": `bytes ${first}-${last}/${body.size}` };
  return new Response(body.slice(first, last + 1), { status: 206, headers });
}

async function answer(request) {
  const copy = await whole();
  const held = copy && await copy.match(request.url, { ignoreSearch: true, ignoreVary: true });
  if (held) return request.headers.has("Range") ? part(held, request.headers.get("Range")) : held;
  try {
    return await fetch(request);
  } catch {
    const away = copy && request.mode === "navigate" && await copy.match(`${HOME}away/`, { ignoreVary: true });
    return away || Response.error();
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const fresh = event.request.headers.has("X-Fresh"); // kept.js asks what is new: not what is kept
  if (event.request.method === "GET" && url.origin === self.location.origin && !fresh) event.respondWith(answer(event.request));
});
