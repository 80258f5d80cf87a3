// Seconds on their way: numbered, sent, and kept in this page's memory until the server says they are understood; then
// they are overwritten. A lost network or a server that starts anew only makes the queue longer: what is not understood is
// sent again from where the server asks for it.

const RETRY_MS = 1000;
const LOOK_MS = 200;
const ASK_MS = 2000;

const table = new Uint32Array(256).map((_, n) => { for (let k = 0; k < 8; k += 1) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n; });
const crc32 = (bytes) => { let crc = ~0; for (const byte of bytes) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8); return ~crc >>> 0; };
const wait = (ms) => new Promise((wake) => setTimeout(wake, ms));

export class Line {
  // `addresses`: begin, sound, state. `told(answer)` after every answer, `failed(error)` when there was none or a refusal.
  constructor({ addresses, csrf, token, told, failed }) {
    Object.assign(this, { addresses, csrf, token });
    this.on = { told, failed };
    this.first = 0;    // number of the second at the head of the queue
    this.queue = [];   // seconds not yet understood, as ArrayBuffers
    this.sent = 0;     // number of the second to send next
    this.wanted = 0;   // the second the server asks for
    this.state = "live";
    this.isOver = false;
  }

  get length() { return this.first + this.queue.length; }

  push(second) { this.queue.push(second); }

  async post(address, body, headers = {}) {
    const answer = await fetch(address, {
      method: "POST", body, credentials: "same-origin", redirect: "error",
      headers: { "X-CSRFToken": this.csrf, "HX-Request": "true", "X-Capture": this.token, ...headers },
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

  // Tell the server something; tried until it is heard, because "off the record" must not get lost on the way.
  async change(fields) {
    while (!this.isOver) {
      try { this.took(await this.post(this.addresses.state, new URLSearchParams(fields))); return; } catch (error) {
        this.on.failed(error);
        if (error.status === 409) this.over();
        else if (error.status) return;
        await wait(RETRY_MS);
      }
    }
  }

  // Everything recorded until now is at the server.
  async allSent() { while (!this.isOver && this.sent < this.length) await wait(LOOK_MS); }

  async whenOver() { while (!this.isOver) await wait(LOOK_MS); }

  // Seconds recorded but not sent yet are taken back.
  takeBack() { this.queue.splice(Math.max(0, this.sent - this.first)).forEach((second) => new Uint8Array(second).fill(0)); }

  took(answer) {
    this.state = answer.state;
    while (this.first < answer.heard && this.queue.length) {
      new Uint8Array(this.queue.shift()).fill(0);
      this.first += 1;
    }
    if (!this.queue.length) this.first = Math.max(this.first, answer.heard);
    this.wanted = answer.next;
    this.sent = Math.max(this.first, this.wanted);
    this.on.told(answer);
  }

  over() {
    this.isOver = true;
    this.queue.forEach((second) => new Uint8Array(second).fill(0));
    this.queue = [];
  }

  async run() {
    let asked = performance.now();
    while (!this.isOver) {
      const at = this.sent - this.first;
      if (at >= this.queue.length || !["live", "ending"].includes(this.state)) {
        // Paused, or waiting for the next second: the server is asked now and then what the client wants.
        if (this.state !== "live" && performance.now() - asked > ASK_MS) { asked = performance.now(); await this.change({}); }
        await wait(LOOK_MS);
        continue;
      }
      try {
        if (this.wanted < this.first) { await this.change({ lost: this.first }); continue; }
        const second = new Uint8Array(this.queue[at]);
        const address = `${this.addresses.sound}?number=${this.sent}&checksum=${crc32(second)}`;
        this.took(await this.post(address, second, { "Content-Type": "application/octet-stream" }));
      } catch (error) {
        this.on.failed(error);
        if (error.status === 409) this.over();
        await wait(RETRY_MS);
      }
    }
  }
}
