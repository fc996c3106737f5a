import { expect, test } from "vitest";
import { asText, lineAt } from "@/audio/lyrics/lines";

const lines = [
  { text: "One", start_ms: 1000 },
  { text: "", start_ms: 2500 },
  { text: "Two", start_ms: 62_050 },
];

test("the line that is sung is the last that has begun", () => {
  expect([0, 1000, 2499, 2500, 99_000].map((at) => lineAt(lines, at))).toEqual([-1, 0, 0, 1, 2]);
});

test("lines without a time are never sung", () => {
  expect(lineAt([{ text: "One", start_ms: null }], 5000)).toBe(-1);
});

test("timed lines are written with their times, others as they are", () => {
  expect(asText({ is_timed: true, lines })).toBe("[00:01.000]One\n[00:02.500]\n[01:02.050]Two");
  expect(asText({ is_timed: false, lines: [{ text: "A", start_ms: null }, { text: "B" }] })).toBe("A\nB");
});
