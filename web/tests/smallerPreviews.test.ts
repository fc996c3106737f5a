import { expect, test } from "vitest";
import type { Ladder } from "@/live/types";
import { hasSizes, sizesOf } from "@/live/words";

const ladder = (told: Partial<Ladder>): Ladder => ({
  state: "making",
  place: null,
  rungs: [],
  ...told,
});

test("the sizes of a preview are named, or what they wait for", () => {
  expect(sizesOf(ladder({ rungs: ["720p", "480p", "audio"] }))).toBe("720p, 480p");
  expect(sizesOf(ladder({ rungs: ["audio"] }))).toBe("None is smaller");
  expect(sizesOf(ladder({}))).toBe("Starting");
  expect(sizesOf(ladder({ state: "waiting", place: 1 }))).toBe("Next in the queue");
  expect(sizesOf(ladder({ state: "waiting", place: 3 }))).toBe("Place 3 in the queue");
});

test("sound alone is no size to change to", () => {
  expect([null, ladder({ rungs: ["audio"] }), ladder({ rungs: ["360p", "audio"] })].map(hasSizes)).toEqual(
    [false, false, true],
  );
});
