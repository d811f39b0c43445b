// SHA-256 in a worker: tries numbers until the hash of salt and number is the one asked for, answers the number or -1.
const K = new Uint32Array(64);
const START = new Uint32Array(8);

(function constants() {
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  const part = (root) => ((root - Math.floor(root)) * 2 ** 32) >>> 0;
  primes.forEach((p, at) => { K[at] = part(Math.cbrt(p)); if (at < 8) START[at] = part(Math.sqrt(p)); });
})();

const W = new Uint32Array(64);
const turn = (x, n) => (x >>> n) | (x << (32 - n));

function block(state, bytes, from) {
  for (let t = 0; t < 16; t++) {
    const at = from + 4 * t;
    W[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let t = 16; t < 64; t++) {
    const a = W[t - 15], b = W[t - 2];
    W[t] = W[t - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + W[t - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let t = 0; t < 64; t++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[t] + W[t]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, at) => { state[at] += value; });
}

function sha256(text) {
  const length = text.length;
  const bytes = new Uint8Array((((length + 8) >> 6) + 1) << 6);
  for (let at = 0; at < length; at++) bytes[at] = text.charCodeAt(at);
  bytes[length] = 0x80;
  new DataView(bytes.buffer).setUint32(bytes.length - 4, length * 8);
  const state = Uint32Array.from(START);
  for (let from = 0; from < bytes.length; from += 64) block(state, bytes, from);
  return state;
}

const hex = (state) => [...state].map((word) => word.toString(16).padStart(8, "0")).join("");

self.addEventListener("message", ({ data: { salt, challenge, most } }) => {
  const first = parseInt(challenge.slice(0, 8), 16);
  for (let number = 0; number <= most; number++) {
    const state = sha256(salt + number);
    if (state[0] === first && hex(state) === challenge) { self.postMessage(number); return; }
  }
  self.postMessage(-1);
});
