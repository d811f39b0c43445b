// What a juror's browser does with keys and scores; no page in sight. The byte layouts are those of docs/formats/sheet.md,
// and showground/commands/_juror.py makes the same ones: a test opens with Python what this file has sealed.

const ROUNDS = 600000;
const ESCROW = "showground-x25519-v1";
const ED25519 = 0x01, PRIVATE = 0xff;
const text = new TextEncoder();
const subtle = globalThis.crypto?.subtle;

export function base64(bytes) {
  return btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
}

export function bytesOf(encoded) {
  return Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
}

const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) { all.set(part, at); at += part.length; }
  return all;
}

const sha256 = async (bytes) => new Uint8Array(await subtle.digest("SHA-256", bytes));

/** The one text of a record: keys in order, no spaces. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

const before = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const inOrder = (rows) => rows.map((row) => [...row]).sort((a, b) => before(a[0], b[0]) || before(a[1], b[1]) || a[2] - b[2]);

export const sameRows = (these, those) => canonical(inOrder(these)) === canonical(inOrder(those));

/** The opening of a sheet: rows [entry, criterion, points] in order, 32 random bytes of salt (another one only for test vectors). */
export function openingOf(facts, rows, salt = crypto.getRandomValues(new Uint8Array(32))) {
  const plain = base64(salt).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  return { type: "jury.opening", log: facts.origin, juror: facts.juror, sheet: facts.sheet, scores: inOrder(rows), salt: plain };
}

export const commitment = async (opening) => hex(await sha256(text.encode(canonical(opening))));

/** Whether this browser knows the two curves; some that are otherwise fine do not. */
export async function able() {
  try {
    await Promise.all([subtle.generateKey("Ed25519", false, ["sign", "verify"]), subtle.generateKey("X25519", false, ["deriveBits"])]);
    return true;
  } catch {
    return false;
  }
}

// ---- the juror's key, locked with a passphrase ----

async function lockFrom(passphrase, salt, rounds) {
  const secret = await subtle.importKey("raw", text.encode(passphrase.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const about = (what, facts) => text.encode(`showground jury ${what} v1\n${facts.origin}\n${facts.juror}\n`);

async function locked(lock, what, facts, bytes) {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const data = await subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: about(what, facts) }, lock, bytes);
  return { nonce: base64(nonce), data: base64(data) };
}

function unlocked(lock, what, facts, box) {
  const how = { name: "AES-GCM", iv: bytesOf(box.nonce), additionalData: about(what, facts) };
  return subtle.decrypt(how, lock, bytesOf(box.data));
}

const signingKey = (pkcs8) => subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);

async function keyId(name, type, bytes) {
  return (await sha256(joined(text.encode(`${name}\n`), [type], bytes))).slice(0, 4);
}

export const keyName = (facts) => `${facts.origin}/jury/${facts.juror}`;

/** Makes the juror's key: `vkey` and `wrapped` may leave the browser, `lock` and `sign` stay in it. */
export async function makeKey(facts, passphrase) {
  const pair = await subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const publicBytes = new Uint8Array(await subtle.exportKey("raw", pair.publicKey));
  const id = await keyId(keyName(facts), ED25519, publicBytes);
  const vkey = `${keyName(facts)}+${hex(id)}+${base64(joined([ED25519], publicBytes))}`;
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const lock = await lockFrom(passphrase, salt, ROUNDS);
  const pkcs8 = await subtle.exportKey("pkcs8", pair.privateKey);
  const wrapped = { v: 1, kdf: "PBKDF2-SHA256", rounds: ROUNDS, salt: base64(salt), ...(await locked(lock, "key", facts, pkcs8)) };
  return { vkey, wrapped, lock, sign: await signingKey(pkcs8) };
}

/** Opens the wrapped key; a wrong passphrase rejects. */
export async function openKey(facts, passphrase) {
  const { salt, rounds } = facts.wrapped;
  if (!(rounds >= ROUNDS)) throw new Error("too few rounds");
  const lock = await lockFrom(passphrase, bytesOf(salt), rounds);
  return { vkey: facts.vkey, lock, sign: await signingKey(await unlocked(lock, "key", facts, facts.wrapped)) };
}

export const lockDraft = (key, facts, draft) => locked(key.lock, "draft", facts, text.encode(JSON.stringify(draft)));

export async function openDraft(key, facts, box) {
  return JSON.parse(new TextDecoder().decode(await unlocked(key.lock, "draft", facts, box)));
}

// ---- sealing ----

/** base64(key id || signature) over the note text of a committed sheet. */
export async function signature(key, facts, commit) {
  const note = `showground jury commitment v1\n${facts.origin}\n${facts.juror}\n${facts.sheet}\n${commit}\n`;
  const signed = new Uint8Array(await subtle.sign("Ed25519", key.sign, text.encode(note)));
  const [name, id] = [key.vkey.split("+")[0], key.vkey.split("+")[1]];
  if (name !== keyName(facts)) throw new Error("the key is another juror's");
  return base64(joined(Uint8Array.from(id.match(/../g), (pair) => parseInt(pair, 16)), signed));
}

/** The 32 bytes of the notary's public key, taken out of its vkey; a vkey that does not fit its own id is refused. */
export async function escrowKey(vkey) {
  const [name, id] = vkey.split("+", 2);
  const raw = bytesOf(vkey.slice(name.length + id.length + 2));
  const prefix = text.encode(ESCROW);
  const right = raw[0] === PRIVATE && raw.length === 1 + prefix.length + 32 && prefix.every((byte, at) => raw[1 + at] === byte);
  if (!right || hex(await keyId(name, PRIVATE, raw.slice(1))) !== id) throw new Error("this is no escrow key");
  return raw.slice(1 + prefix.length);
}

/** The sealed copy that only the notary opens: ephemeral key (32) || nonce (12) || ciphertext and tag. */
export async function escrowOf(opening, vkey, facts) {
  const notary = await escrowKey(vkey);
  const info = text.encode(`showground jury escrow v1\n${facts.origin}\n${facts.juror}\n${facts.sheet}\n`);
  const once = await subtle.generateKey("X25519", false, ["deriveBits"]);
  const ephemeral = new Uint8Array(await subtle.exportKey("raw", once.publicKey));
  const theirs = await subtle.importKey("raw", notary, "X25519", false, []);
  const shared = await subtle.deriveBits({ name: "X25519", public: theirs }, once.privateKey, 256);
  const secret = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: joined(ephemeral, notary), info };
  const key = await subtle.deriveKey(how, secret, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const plain = text.encode(canonical(opening));
  const sealed = await subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: info }, key, plain);
  return joined(ephemeral, nonce, new Uint8Array(sealed));
}

/** What jury:seal takes for an opening: commitment, signature, sealed copy. */
export async function sealed(key, facts, opening) {
  const commit = await commitment(opening);
  const [sig, escrow] = await Promise.all([signature(key, facts, commit), escrowOf(opening, facts.escrow, facts)]);
  return { commit, sig, escrow: base64(escrow) };
}
