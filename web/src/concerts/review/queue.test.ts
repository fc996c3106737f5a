import { expect, test } from "vitest";
import { lineUp, NO_QUEUE, step, type Queue, type Step } from "./queue";
import type { Review } from "./types";

const review = (id: string, version = 1): Review => ({
  id,
  state: "review",
  decided: false,
  began_at: "2024-05-01T20:00:00",
  ended_at: "2024-05-01T22:00:00",
  days: ["2024-05-01"],
  zone: null,
  location: null,
  photo_count: 1,
  photos: [],
  candidates: [],
  concert_id: null,
  version,
});
const all = [review("a"), review("b"), review("c")];
const after = (...steps: Step[]): Queue => steps.reduce(step, NO_QUEUE);
const ids = (items: readonly Review[], queue: Queue) => lineUp(items, queue).map(({ id }) => id);
const settle = (id: string, next: string | null = null): Step => ({
  kind: "settle",
  settled: { review: review(id), words: "" },
  next,
});

test("what is decided is gone, and the next is there", () => {
  expect(ids(all, after(settle("a", "b")))).toEqual(["b", "c"]);
});

test("what arrives doesn't take the place of the one on the page", () => {
  const queue = after({ kind: "show", id: "a" });

  expect(ids([review("new"), ...all], queue)).toEqual(["a", "new", "b", "c"]);
});

test("what is skipped comes last, in the order in which it was skipped", () => {
  const queue = after(
    { kind: "skip", id: "a", next: "b" },
    { kind: "skip", id: "b", next: "c" },
  );

  expect(ids(all, queue)).toEqual(["c", "a", "b"]);
});

test("what is taken back is on the page at once, also where no list has it", () => {
  const queue = after(settle("a"), { kind: "reopen", review: review("a"), here: true });

  expect(ids([review("b")], queue)).toEqual(["a", "b"]);
});

test("a decision that failed comes back without taking the page", () => {
  const queue = after(settle("a", "b"), { kind: "reopen", review: review("a"), here: false });

  expect(ids(all, queue)).toEqual(["b", "a", "c"]);
});

test("an old list doesn't bring back what was decided, a later version does", () => {
  const queue = after(settle("a"));

  expect(ids([review("a")], queue)).toEqual([]);
  expect(ids([review("a", 3)], queue)).toEqual(["a"]);
});
