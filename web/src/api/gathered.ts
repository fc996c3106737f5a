/** Bursts of news made into few reads: soon for what happens now and then, seldom for a flood. */

/** A change in one window is to be seen in every other within a second, the read included. */
export const GATHER_MS = 200;
/** Each read counts for its user's limit, so only so many come soon after each other … */
const SOON = 6;
/** … and one more each time that so much has passed. */
const APART_MS = 5_000;

/** Runs `wait_ms` after the first of a burst of calls; while the burst lasts, a few times as soon,
 *  then every `APART_MS`. The last call is always followed by a run. */
export function gathered(run: () => void, wait_ms = GATHER_MS): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let left = SOON;
  let counted_ms = performance.now();
  return () => {
    if (timer !== undefined) return;
    const now_ms = performance.now();
    const more = (now_ms - counted_ms) / APART_MS;
    left = Math.min(SOON, left + more);
    counted_ms = now_ms;
    const until_next_ms = left >= 1 ? 0 : (1 - left) * APART_MS;
    left -= 1;
    timer = setTimeout(() => {
      timer = undefined;
      run();
    }, Math.max(wait_ms, until_next_ms));
  };
}
