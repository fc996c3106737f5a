/** What the charts of a show draw, and what of it is told in words. */
import type { ChartData, Series } from "@/ui/chartData";
import { clock } from "@/ui/format";
import type { DestinationGraph, ShowGraph } from "../types";
import { RELAY_WORDS, seconds } from "../words";

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
/** By how much the axis counts: times as people say them. */
const STEPS_S = [
  ...[10, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_S),
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * HOUR_S),
];

type Values = readonly (number | null)[];

/** When each step begins, in seconds of the show. */
export function placesOf({ show, begins_at, step_s, incoming }: ShowGraph): number[] {
  const first_s = (Date.parse(begins_at ?? show.started_at) - Date.parse(show.started_at)) / 1000;
  return incoming.fps.map((_, at) => Math.max(0, Math.round(first_s + at * step_s)));
}

function chart(graph: ShowGraph, unit: string, ...series: Series[]): ChartData {
  const places = placesOf(graph);
  return { across: { name: "Into the show", places, words: clock, steps: STEPS_S }, unit, series };
}

const divided = (values: Values, by: number) =>
  values.map((value) => (value === null ? null : value / by));

const mbits = (values: Values) => divided(values, 1000);

export const cameIn = (graph: ShowGraph): ChartData =>
  chart(graph, "Mbit/s", { name: "Came in", hue: "live", values: mbits(graph.incoming.bitrate_kbps) });

export const frames = (graph: ShowGraph): ChartData =>
  chart(graph, "frames/s", { name: "Frames", hue: "live", values: graph.incoming.fps });

/** What a destination was sent, above what came in. */
export const sent = (graph: ShowGraph, { bitrate_kbps }: DestinationGraph): ChartData =>
  chart(
    graph,
    "Mbit/s",
    { name: "Came in", hue: "ink-3", values: mbits(graph.incoming.bitrate_kbps) },
    { name: "Sent", hue: "live", values: mbits(bitrate_kbps) },
  );

export const lag = (graph: ShowGraph, { lag_ms }: DestinationGraph): ChartData =>
  chart(graph, "s", { name: "Lag", hue: "live", values: divided(lag_ms, 1000) });

const isKnown = (value: number | null): value is number => value !== null;

/** "2.0 s", or "2.0 to 4.0 s" where it changed. */
function between(values: Values, words: (value: number) => string): string | null {
  const known = values.filter(isKnown);
  if (known.length === 0) return null;
  const [least, most] = [words(Math.min(...known)), words(Math.max(...known))];
  return least === most ? least : `${least} to ${most}`;
}

const ahead = (ms: number) => `${ms > 0 ? "+" : ms < 0 ? "−" : ""}${Math.abs(ms)} ms`;

/** What isn't drawn of what came in: a name and its words each. */
export function factsOf({ incoming }: ShowGraph): [string, string][] {
  const facts: [string, string | null][] = [
    ["Time between keyframes", between(incoming.keyframe_interval_ms, seconds)],
    ["Sound ahead of the picture", between(incoming.drift_ms, ahead)],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null);
}

export const lostFrames = ({ dropped_frames }: DestinationGraph): number =>
  dropped_frames.reduce<number>((sum, value) => sum + (value ?? 0), 0);

/** Whether the lines break off somewhere. */
export const hasGaps = ({ incoming }: ShowGraph) => incoming.fps.includes(null);

/** When a destination was in trouble: "Stalled 1:02:00 – 1:03:30", the first ones first. */
export function troublesOf(graph: ShowGraph, { state }: DestinationGraph): string[] {
  const places = placesOf(graph);
  const end = (at: number) => places[at] ?? (places.at(-1) ?? 0) + graph.step_s;
  const found: { name: string; from: number; to: number }[] = [];
  for (const [at, each] of state.entries()) {
    if (each === null || each === "live" || each === "idle") continue;
    const [name, last] = [RELAY_WORDS[each], found.at(-1)];
    if (last?.to === at && last.name === name) last.to = at + 1;
    else found.push({ name, from: at, to: at + 1 });
  }
  return found.map(({ name, from, to }) => `${name} ${clock(end(from))} – ${clock(end(to))}`);
}
