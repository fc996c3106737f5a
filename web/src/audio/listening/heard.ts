/** How much of a track was really heard: what was skipped by seeking doesn't count. */

export interface Heard {
  trackId: string;
  key: string;
  started_at: string;
  heard_s: number;
  last_s: number;
  told: boolean;
  isEnough: (duration_s: number) => boolean;
}

/** A longer step than this between two times was a jump. */
const LONGEST_STEP_S = 3;
const ENOUGH_S = 240;
/** Back to here after it was told: it is being played once more. */
const START_S = 1;

const begun = (trackId: string, at_s: number): Heard => ({
  trackId,
  key: crypto.randomUUID(),
  started_at: new Date().toISOString(),
  heard_s: 0,
  last_s: at_s,
  told: false,
  isEnough(duration_s) {
    return duration_s > 0 && this.heard_s >= Math.min(duration_s / 2, ENOUGH_S);
  },
});

/** What has been heard, now that the player is here. */
export function heard(
  before: Heard | null,
  trackId: string | null,
  at_s: number,
  sounds: boolean,
): Heard | null {
  if (trackId === null) return null;
  const again = before?.told === true && at_s < START_S && at_s < before.last_s;
  if (before?.trackId !== trackId || again) return begun(trackId, at_s);
  const step_s = at_s - before.last_s;
  if (sounds && step_s > 0 && step_s <= LONGEST_STEP_S) before.heard_s += step_s;
  before.last_s = at_s;
  return before;
}
