// Runs beside the page's thread: turns each second of every channel into 16-bit samples and hands them over.

const SECOND = 16000;
const TENTH = 1600;

class Seconds extends AudioWorkletProcessor {
  constructor(options) {
    super();
    this.channels = options.processorOptions.channels;
    this.samples = new Int16Array(SECOND * this.channels);
    this.filled = 0;
    this.peak = 0;
    this.measured = 0;
    this.port.onmessage = ({ data }) => {
      if (data === "flush") {
        if (this.filled) this.hand();
        this.port.postMessage({ flushed: true });
      } else {
        this.samples.fill(0);
        this.filled = 0;
      }
    };
  }

  process([input]) {
    const length = input[0]?.length ?? 128;
    for (let at = 0; at < length; at += 1) {
      for (let channel = 0; channel < this.channels; channel += 1) {
        const value = Math.max(-1, Math.min(1, input[channel]?.[at] ?? 0));
        this.peak = Math.max(this.peak, Math.abs(value));
        this.samples[this.filled * this.channels + channel] = Math.round(value * 32767);
      }
      this.filled += 1;
      if (this.filled === SECOND) this.hand();
    }
    this.measured += length;
    if (this.measured >= TENTH) {
      this.port.postMessage({ level: this.peak });
      this.peak = 0;
      this.measured = 0;
    }
    return true;
  }

  hand() {
    const buffer = this.samples.buffer;
    this.port.postMessage({ second: buffer }, [buffer]);
    this.samples = new Int16Array(SECOND * this.channels);
    this.filled = 0;
  }
}

registerProcessor("seconds", Seconds);
