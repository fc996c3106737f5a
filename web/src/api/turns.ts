/** Changes of one thing go out one after another, in the order in which people made them. */

const last = new Map<string, Promise<unknown>>();

/**
 * Sends a change of a thing when those of it before are through, whatever became of them: sent at
 * once, taking something back could arrive before what it takes back.
 */
export async function inTurn<T>(thing: string, send: () => Promise<T>): Promise<T> {
  const mine = (last.get(thing) ?? Promise.resolve()).then(send);
  const settled = mine.catch(() => undefined);
  last.set(thing, settled);
  try {
    return await mine;
  } finally {
    if (last.get(thing) === settled) last.delete(thing);
  }
}
