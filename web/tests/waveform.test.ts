import { expect, test } from "vitest";
import { barsOf } from "@/audio/player/drawWaveform";

const peaks: [number, number][] = [
  [-10, 20],
  [-30, 5],
  [-1, 1],
  [-2, 90],
];

test("each bar holds the extremes of its share", () => {
  expect(barsOf(peaks, 2)).toEqual([
    [-30, 20],
    [-2, 90],
  ]);
});

test("more bars than peaks leave none empty", () => {
  const bars = barsOf(peaks, 6);

  expect(bars).toHaveLength(6);
  expect(bars.every(([low, high]) => low < 0 && high > 0)).toBe(true);
});

test("no peak is lost where lengths don't divide", () => {
  const bars = barsOf(peaks, 3);

  expect(Math.max(...bars.map(([, high]) => high))).toBe(90);
  expect(Math.min(...bars.map(([low]) => low))).toBe(-30);
});

test("silence before the waveform is there draws as nothing", () => {
  expect(barsOf([], 3)).toEqual([
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
});
