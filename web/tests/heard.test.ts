import { expect, test } from "vitest";
import { heard, type Heard } from "@/audio/listening/heard";

const through = (track: string, times: readonly number[], before: Heard | null = null) =>
  times.reduce((state, at_s) => heard(state, track, at_s, true), before);

test("what sounds is heard, step by step", () => {
  expect(through("one", [0, 1, 2, 3])?.heard_s).toBe(3);
});

test("what was skipped isn't heard", () => {
  expect(through("one", [0, 1, 60, 61])?.heard_s).toBe(2);
});

test("going back and hearing it again doesn't take away", () => {
  expect(through("one", [0, 1, 2, 0, 1])?.heard_s).toBe(3);
});

test("nothing is heard in silence", () => {
  const begun = heard(null, "one", 0, false);
  expect(heard(begun, "one", 1, false)?.heard_s).toBe(0);
});

test("half of a track is enough, or four minutes", () => {
  const half = through("one", [0, 2, 4]);
  const long = through("one", Array.from({ length: 121 }, (_, step) => step * 2));
  expect(half?.isEnough(8)).toBe(true);
  expect(half?.isEnough(8.1)).toBe(false);
  expect(long?.isEnough(3600)).toBe(true);
});

test("a length that isn't known is never enough", () => {
  expect(through("one", [0, 2, 4])?.isEnough(0)).toBe(false);
});

test("another track is another play, and so is the same one from its start once it was told", () => {
  const one = through("one", [0, 2, 4]);
  const same = heard(one, "one", 0, true);
  const key = one?.key;
  expect(same?.key).toBe(key);
  if (same) same.told = true;
  through("one", [2, 4], same);
  const again = heard(same, "one", 0, true);
  expect(again?.key).not.toBe(key);
  expect(again?.told).toBe(false);
  expect(heard(again, "two", 0, true)?.key).not.toBe(again?.key);
  expect(heard(again, null, 0, false)).toBeNull();
});
