/** Remembers that a navigation happened, so that the next page's heading takes the focus once. */

let arrived = false;

export function markArrival(): void {
  arrived = true;
}

export function takeArrival(): boolean {
  const was = arrived;
  arrived = false;
  return was;
}
