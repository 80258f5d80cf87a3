// From microphones to numbered seconds: 16 kHz, 16 bits, the channels beside each other. Nothing is stored.

// In the room everything is wanted, also from the far chair. On a call the loudspeaker is not: it is the other channel.
export async function microphone(mode = "room") {
  const isCall = mode === "call";
  return navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: isCall, noiseSuppression: false, autoGainControl: !isCall } });
}

// The sound of a tab or system that she shares; the browser asks her which.
export async function shared() {
  const stream = await navigator.mediaDevices.getDisplayMedia({ video: true, audio: true });
  stream.getVideoTracks().forEach((track) => track.stop());
  if (!stream.getAudioTracks().length) throw new Error("no sound shared");
  return stream;
}

// The microphone alone, or the microphone and what is shared.
export async function sources(mode) {
  const own = await microphone(mode);
  if (mode !== "call") return [own];
  try { return [own, await shared()]; } catch (error) {
    own.getTracks().forEach((track) => track.stop());
    throw error;
  }
}

export class Sound {
  // `second(buffer)` is given every whole second, `level(0 to 1)` ten times in it, `gone(channel)` when a source ends.
  constructor(streams, { second, level, gone }) {
    this.streams = streams;
    this.on = { second, level, gone };
    this.flushed = () => {};
  }

  async start(worklet) {
    this.context = new AudioContext({ sampleRate: 16000 });
    await this.context.audioWorklet.addModule(worklet);
    const count = this.streams.length;
    this.node = new AudioWorkletNode(this.context, "seconds", {
      numberOfOutputs: 0, channelCount: count, channelCountMode: "explicit", channelInterpretation: "discrete",
      processorOptions: { channels: count },
    });
    const merged = this.context.createChannelMerger(count);
    this.streams.forEach((stream, channel) => {
      const one = new GainNode(this.context, { channelCount: 1, channelCountMode: "explicit" });
      this.context.createMediaStreamSource(stream).connect(one).connect(merged, 0, channel);
    });
    merged.connect(this.node);
    this.node.port.onmessage = ({ data }) => {
      if (data.second) this.on.second(data.second);
      if (data.level !== undefined) this.on.level(data.level);
      if (data.flushed) this.flushed();
    };
    this.streams.forEach((stream, channel) => stream.getAudioTracks().forEach((track) => track.addEventListener("ended", () => this.on.gone(channel))));
    // A computer that slept wakes with its sound suspended.
    this.context.addEventListener("statechange", () => { if (this.context.state === "suspended" || this.context.state === "interrupted") this.context.resume(); });
  }

  // Another source in the place of one that ended; the other one is left alone.
  async replace(channel, stream) {
    this.streams[channel].getTracks().forEach((track) => track.stop());
    this.streams[channel] = stream;
    if (this.context.state !== "closed") await this.context.close();
  }

  // What was said while paused must not ride along in the second that was being filled.
  anew() { this.node?.port.postMessage("anew"); }

  // The second being filled, ended with silence.
  flush() {
    return new Promise((done) => { this.flushed = done; this.node.port.postMessage("flush"); setTimeout(done, 500); });
  }

  stop() {
    this.streams.flatMap((stream) => stream.getTracks()).forEach((track) => track.stop());
    if (this.context && this.context.state !== "closed") this.context.close();
    this.streams = [];
  }
}
