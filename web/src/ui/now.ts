/** The present time for words such as "3 minutes ago", which move on by themselves. */
import { useSyncExternalStore } from "react";

const TICK_MS = 30_000;
let now_ms = Date.now();

function subscribe(listener: () => void): () => void {
  now_ms = Date.now();
  const timer = setInterval(() => {
    now_ms = Date.now();
    listener();
  }, TICK_MS);
  return () => clearInterval(timer);
}

/** Milliseconds since 1970, at most half a minute old. */
export const useNow = () => useSyncExternalStore(subscribe, () => now_ms);
