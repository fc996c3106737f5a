import { expect, test } from "vitest";
import { toggled } from "./selection";

const SHOWN = ["a", "b", "c", "d"];
const ids = (...given: Parameters<typeof toggled>) => Array.from(toggled(...given)).toSorted();

test("a press takes a photo in, and out again", () => {
  expect(ids(new Set(["a"]), SHOWN, "c", null)).toEqual(["a", "c"]);
  expect(ids(new Set(["a", "c"]), SHOWN, "a", null)).toEqual(["c"]);
});

test("with Shift it takes in all from the one before, in either direction", () => {
  expect(ids(new Set(["a"]), SHOWN, "c", "a")).toEqual(["a", "b", "c"]);
  expect(ids(new Set(["d"]), SHOWN, "b", "d")).toEqual(["b", "c", "d"]);
});

test("what isn't there any more reaches nowhere", () => {
  expect(ids(new Set(["a"]), SHOWN, "c", "gone")).toEqual(["a", "c"]);
});

test("who takes one from all keeps the others", () => {
  expect(ids("all", SHOWN, "b", null)).toEqual(["a", "c", "d"]);
});
