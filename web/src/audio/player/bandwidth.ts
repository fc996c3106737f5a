/** How fast bytes come, by what came before, and which rung that carries. It outlives a track. */
import type { Rung } from "./manifest";

/** What is believed before anything was measured. */
const FIRST_BPS = 1_000_000;
/** How much a measurement of a whole second counts; shorter ones say less. */
const WEIGHT = 0.4;
/** What is asked of the connection leaves it air. */
const SHARE = 0.7;

let believed_bps = FIRST_BPS;

export const bandwidth_bps = () => believed_bps;

/** A fall is believed sooner than a rise: too high a rung falls silent, too low a one only sounds so. */
export function measured(before_bps: number, bytes: number, took_s: number): number {
  if (took_s <= 0) return before_bps;
  const now_bps = (8 * bytes) / took_s;
  const weight = now_bps < before_bps ? Math.min(2 * WEIGHT, 1) : WEIGHT * Math.min(took_s + 0.5, 1);
  return before_bps + weight * (now_bps - before_bps);
}

export function tellFetched(bytes: number, took_s: number): void {
  believed_bps = measured(believed_bps, bytes, took_s);
}

/** The best that the connection carries, or the lowest; the one of that name, where it is asked for. */
export function rungFor(rungs: readonly Rung[], name: string, bps: number): Rung | undefined {
  const named = rungs.find((rung) => rung.name === name);
  return named ?? rungs.findLast((rung) => rung.peak_bps <= SHARE * bps) ?? rungs[0];
}
