import { expect, test } from "vitest";
import {
  cameIn,
  factsOf,
  hasGaps,
  lag,
  lostFrames,
  placesOf,
  sent,
  troublesOf,
} from "@/live/show/graphs";
import type { DestinationGraph, ShowGraph } from "@/live/types";
import { lonely, rowsOf } from "@/ui/chartData";

const DESTINATION: DestinationGraph = {
  id: "d",
  name: "Ours",
  state: ["connecting", "live", null, "stalled", "stalled", "failed", "live"],
  bitrate_kbps: [0, 6_000, null, 100, 0, 0, 6_000],
  lag_ms: [0, 40, null, 900, 1_500, 0, 40],
  dropped_frames: [0, 0, null, 12, 3, 0, 0],
};

const GRAPH: ShowGraph = {
  show: {
    id: "s",
    project_id: "p",
    started_at: "2026-11-30T20:00:12Z",
    ended_at: null,
    ended_by: null,
    returns: 0,
  },
  begins_at: "2026-11-30T20:00:00Z",
  step_s: 30,
  incoming: {
    bitrate_kbps: [6_000, 6_000, null, 6_100, 6_000, 0, 6_000],
    fps: [25, 25, null, 25, 25, 0, 25],
    keyframe_interval_ms: [2_000, 2_000, null, 4_000, 2_000, null, 2_000],
    drift_ms: [-10, 0, null, 25, 3, null, 3],
  },
  destinations: [DESTINATION],
};

test("steps are told by the time into the show, which begins none before it", () => {
  expect(placesOf(GRAPH)).toEqual([0, 18, 48, 78, 108, 138, 168]);
});

test("a gap stays a gap, in the lines and in the table", () => {
  expect(cameIn(GRAPH).series[0]?.values).toEqual([6, 6, null, 6.1, 6, 0, 6]);
  expect(lag(GRAPH, DESTINATION).series[0]?.values[2]).toBeNull();
  expect(rowsOf(sent(GRAPH, DESTINATION))[2]).toEqual({ at: "0:48", values: ["–", "–"] });
  expect(hasGaps(GRAPH)).toBe(true);
});

test("what isn't drawn is told from the least to the most", () => {
  expect(factsOf(GRAPH)).toEqual([
    ["Time between keyframes", "2.0 s to 4.0 s"],
    ["Sound ahead of the picture", "−10 ms to +25 ms"],
  ]);
});

test("troubles of a destination are told from when to when", () => {
  expect(troublesOf(GRAPH, DESTINATION)).toEqual([
    "Connecting 0:00 – 0:18",
    "Stalled 1:18 – 2:18",
    "Failed 2:18 – 2:48",
  ]);
  expect(troublesOf(GRAPH, { ...DESTINATION, state: DESTINATION.state.map(() => "failed" as const) })).toEqual([
    "Failed 0:00 – 3:18",
  ]);
  expect(lostFrames(DESTINATION)).toBe(15);
});

test("a value without neighbours gets a dot", () => {
  expect(lonely([1, null, 2, 3, null, 4])).toEqual([0, 5]);
  expect(lonely([null, undefined, 1])).toEqual([2]);
});
