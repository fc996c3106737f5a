/** Whether the server answers. Failing requests report here; a light poll finds out when it is back. */
import { createStore } from "./store";

export type Connection = "ok" | "offline" | "unreachable";

export const connection = createStore<Connection>("ok");

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;
let timer: ReturnType<typeof setTimeout> | undefined;
const backAgain = new Set<() => void>();

/** Calls back each time the server answers again after it was away. */
export function onBack(callback: () => void): () => void {
  backAgain.add(callback);
  return () => backAgain.delete(callback);
}

export function reportAnswer(): void {
  if (connection.get() === "ok") return;
  clearTimeout(timer);
  timer = undefined;
  connection.set("ok");
  for (const callback of backAgain) callback();
}

export function reportSilence(): void {
  connection.set(navigator.onLine ? "unreachable" : "offline");
  timer ??= setTimeout(() => void probe(FIRST_WAIT_MS), FIRST_WAIT_MS);
}

async function probe(waited_ms: number): Promise<void> {
  timer = undefined;
  try {
    const answer = await fetch("/health/ready", {
      cache: "no-store",
      signal: AbortSignal.timeout(5_000),
    });
    if (answer.ok) {
      reportAnswer();
      return;
    }
  } catch {
    // Still away.
  }
  connection.set(navigator.onLine ? "unreachable" : "offline");
  const wait_ms = Math.min(waited_ms * 1.6, LONGEST_WAIT_MS);
  timer = setTimeout(() => void probe(wait_ms), wait_ms);
}

window.addEventListener("offline", reportSilence);
window.addEventListener("online", () => {
  clearTimeout(timer);
  timer = setTimeout(() => void probe(FIRST_WAIT_MS), 0);
});
