/** The level of what is really sounding, left and right, from the audio element's own signal. */

interface Graph {
  context: AudioContext;
  channels: readonly [AnalyserNode, AnalyserNode];
  samples: Float32Array<ArrayBuffer>;
}

const WINDOW_SAMPLES = 2048;
let graph: Graph | null = null;

/**
 * Routes the element through two analysers. Only after a gesture, or the browser keeps the sound
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
  source.connect(context.destination);
  source.connect(splitter);
  graph = {
    context,
    channels: [analyser(0), analyser(1)],
    samples: new Float32Array(WINDOW_SAMPLES),
  };
  void context.resume();
}

/** The peak of a channel in the last 40 ms or so, in dBFS; −∞ for silence. */
export function peakDb(channel: 0 | 1): number {
  if (!graph) return Number.NEGATIVE_INFINITY;
  graph.channels[channel].getFloatTimeDomainData(graph.samples);
  let peak = 0;
  for (const sample of graph.samples) peak = Math.max(peak, Math.abs(sample));
  return 20 * Math.log10(peak);
}
