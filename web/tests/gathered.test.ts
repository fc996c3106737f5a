/** Bursts of events: seen soon, yet never more reads than a user's limit allows. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { GATHER_MS, gathered } from "@/api/gathered";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("one call is followed by one run, within a quarter of a second", () => {
  const run = vi.fn();
  gathered(run)();
  vi.advanceTimersByTime(250);
  expect(run).toHaveBeenCalledTimes(1);
});

test("calls of one moment are one run", () => {
  const run = vi.fn();
  const call = gathered(run);
  for (let i = 0; i < 100; i += 1) call();
  vi.advanceTimersByTime(60_000);
  expect(run).toHaveBeenCalledTimes(1);
});

test("somebody who changes a thing every two seconds is followed at once", () => {
  const run = vi.fn();
  const call = gathered(run);
  for (let i = 1; i <= 6; i += 1) {
    call();
    vi.advanceTimersByTime(GATHER_MS);
    expect(run).toHaveBeenCalledTimes(i);
    vi.advanceTimersByTime(2_000 - GATHER_MS);
  }
});

test("a flood of a minute is read at most twenty times, and its last call is followed", () => {
  const run = vi.fn();
  const call = gathered(run);
  for (let i = 0; i < 600; i += 1) {
    call();
    vi.advanceTimersByTime(100);
  }
  const during = run.mock.calls.length;
  expect(during).toBeLessThanOrEqual(20);
  expect(during).toBeGreaterThanOrEqual(12);
  call();
  vi.advanceTimersByTime(5_001);
  expect(run.mock.calls.length).toBeGreaterThan(during);
});
