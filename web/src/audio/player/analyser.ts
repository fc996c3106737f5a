/** The signal behind the audio element: made louder or quieter, and measured left and right. */

interface Graph {
  context: AudioContext;
  gain: GainNode;
  channels: readonly [AnalyserNode, AnalyserNode];
  samples: Float32Array<ArrayBuffer>;
}

const WINDOW_SAMPLES = 2048;
let graph: Graph | null = null;
/** What was wanted before there was a graph. */
let factor = 1;

/**
 * Routes the element through the graph. Only after a gesture, or the browser keeps the sound
 * suspended. Where MediaSource is missing (iPhones) the element keeps playing in the background
 * only without a graph, so there is none.
 */
export function listenTo(audio: HTMLAudioElement): void {
  if (graph) {
    if (graph.context.state === "suspended") void graph.context.resume();
    return;
  }
  if (!("MediaSource" in window) || !("AudioContext" in window)) return;
  const context = new AudioContext({ latencyHint: "playback" });
  const source = context.createMediaElementSource(audio);
  const splitter = context.createChannelSplitter(2);
  const analyser = (channel: number) => {
    const node = new AnalyserNode(context, { fftSize: WINDOW_SAMPLES, smoothingTimeConstant: 0 });
    splitter.connect(node, channel);
    return node;
  };
  const gain = new GainNode(context, { gain: factor });
  source.connect(gain);
  gain.connect(context.destination);
  gain.connect(splitter);
  graph = {
    context,
    gain,
    channels: [analyser(0), analyser(1)],
    samples: new Float32Array(WINDOW_SAMPLES),
  };
  void context.resume();
}

/** Multiplies the signal by `now`, and where something else follows, by `then` in so many seconds. */
export function amplify(now: number, next?: { then: number; in_s: number }): void {
  factor = now;
  if (!graph) return;
  const { gain } = graph.gain;
  const time_s = graph.context.currentTime;
  gain.cancelScheduledValues(0);
  gain.setValueAtTime(now, time_s);
  if (next) gain.setValueAtTime(next.then, time_s + next.in_s);
}

/** The peak of a channel in the last 40 ms or so, in dBFS; −∞ for silence. */
export function peakDb(channel: 0 | 1): number {
  if (!graph) return Number.NEGATIVE_INFINITY;
  graph.channels[channel].getFloatTimeDomainData(graph.samples);
  let peak = 0;
  for (const sample of graph.samples) peak = Math.max(peak, Math.abs(sample));
  return 20 * Math.log10(peak);
}
