// Seconds on their way: numbered, sent, and kept in this page's memory until the server says they are understood; then
// they are overwritten. A lost network or a server that starts anew only makes the queue longer: what is not understood is
// sent again from where the server asks for it.

const RETRY_MS = 1000;
const LOOK_MS = 200;
const ASK_MS = 2000;
// Answers that another try would only get again. A busy server, a full disk, a lock and a token that is just being renewed (403) pass.
const FINAL = [400, 404, 422];

export const ENDED = 410;
export const OVER = [409, ENDED]; // it is not heard from here any more: for a reason, or because somebody ended it

const table = new Uint32Array(256).map((_, n) => { for (let k = 0; k < 8; k += 1) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n; });
const crc32 = (bytes) => { let crc = ~0; for (const byte of bytes) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8); return ~crc >>> 0; };
const wait = (ms) => new Promise((wake) => setTimeout(wake, ms));
const silence = (second) => new Uint8Array(second).fill(0);

export class Line {
  // `addresses`: begin, sound, state, and csrf, which may become another. `told(answer)` after every answer, `failed(error)` when there was none or a refusal.
  constructor({ addresses, token, told, failed }) {
    Object.assign(this, { addresses, token });
    this.on = { told, failed };
    this.first = 0;    // number of the second at the head of the queue
    this.queue = [];   // seconds not yet understood, as ArrayBuffers
    this.sent = 0;     // number of the second to send next
    this.known = 0;    // seconds the server ever had, even if it asks for them again
    this.flying = -1;  // number of the second on its way just now
    this.wanted = 0;   // the second the server asks for
    this.state = "live";
    this.isOver = false;
    this.changes = Promise.resolve();
  }

  get isSending() { return ["live", "ending"].includes(this.state); }

  get length() { return this.first + this.queue.length; }

  push(second) { this.queue.push(second); }

  async post(address, body, headers = {}) {
    const answer = await fetch(address, {
      method: "POST", body, credentials: "same-origin", redirect: "error",
      headers: { "X-CSRFToken": this.addresses.csrf, "HX-Request": "true", "X-Capture": this.token, ...headers },
    });
    if (!answer.ok) {
      const error = new Error(String(answer.status));
      error.status = answer.status;
      error.page = await answer.text();
      throw error;
    }
    return answer.json();
  }

  async begin(fields) {
    const answer = await this.post(this.addresses.begin, new URLSearchParams({ ...fields, token: this.token }));
    this.first = answer.next; // what came before is the server's already
    this.took(answer);
    this.run();
  }

  // Tell the server something; tried until it is heard, because "off the record" must not get lost on the way. One after
  // the other: a pause that was heard late must not undo what she wanted since. Whether it was done.
  change(fields) {
    this.changes = this.changes.then(() => this.tell(fields));
    return this.changes;
  }

  async tell(fields) {
    while (!this.isOver) {
      try { this.took(await this.post(this.addresses.state, new URLSearchParams(fields))); return true; } catch (error) {
        error.isFinal = FINAL.includes(error.status);
        this.on.failed(error);
        if (OVER.includes(error.status)) this.over();
        if (error.isFinal) return false;
        await wait(RETRY_MS);
      }
    }
    return false;
  }

  // Everything recorded until now is at the server, or it takes nothing now.
  async allSent() { while (!this.isOver && this.isSending && this.sent < this.length) await wait(LOOK_MS); }

  async whenOver() { while (!this.isOver) await wait(LOOK_MS); }

  // Of the last seconds those that the server never had are taken back. How many they were.
  takeBack(most = Infinity) {
    const from = Math.max(this.first, this.known, this.flying + 1, this.length - most);
    const taken = this.queue.splice(from - this.first);
    taken.forEach(silence);
    return taken.length;
  }

  // The last seconds are taken back; those the server has are silence from now on, should it ask for them again.
  takeOut(seconds) {
    this.queue.slice(-seconds).forEach(silence);
    return this.takeBack(seconds);
  }

  took(answer) {
    this.state = answer.state;
    while (this.first < answer.heard && this.queue.length) {
      silence(this.queue.shift());
      this.first += 1;
    }
    if (!this.queue.length) this.first = Math.max(this.first, answer.heard);
    this.wanted = answer.next;
    this.known = Math.max(this.known, answer.next);
    this.sent = Math.max(this.first, this.wanted);
    this.on.told(answer);
  }

  over() {
    this.isOver = true;
    this.queue.forEach(silence);
    this.queue = [];
  }

  async run() {
    let asked = performance.now();
    let isAsking = false;
    while (!this.isOver) {
      const at = this.sent - this.first;
      if (at >= this.queue.length || !this.isSending) {
        // Paused, without a microphone, or waiting for the next second: the server is asked now and then what the client wants.
        if (!isAsking && performance.now() - asked > ASK_MS) {
          isAsking = true;
          this.change({}).then(() => { isAsking = false; asked = performance.now(); });
        }
        await wait(LOOK_MS);
        continue;
      }
      if (this.wanted < this.first) {
        // Refused, it may have been skipped already, and only the answer was lost: how it stands is asked.
        if (!await this.change({ lost: this.first })) { await wait(RETRY_MS); await this.change({}); }
        continue;
      }
      try {
        const second = new Uint8Array(this.queue[at]);
        const address = `${this.addresses.sound}?number=${this.sent}&checksum=${crc32(second)}`;
        this.flying = this.sent;
        const answer = await this.post(address, second, { "Content-Type": "application/octet-stream" });
        this.flying = -1;
        this.took(answer);
        asked = performance.now();
      } catch (error) {
        this.flying = -1;
        this.on.failed(error);
        if (OVER.includes(error.status)) this.over();
        await wait(RETRY_MS);
      }
    }
  }
}
