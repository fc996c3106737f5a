/** Errors of this browser, sent to the server's log: a few a minute at most, never the same twice. */
import { http } from "./http";
import { Problem } from "./problem";

const MOST_A_MINUTE = 4;
const MOST_CHARACTERS = 4_000;
const seen = new Set<string>();
let budget = MOST_A_MINUTE;

export function reportError(error: unknown, component?: string): void {
  // The server knows its own answers already.
  if (error instanceof Problem) return;
  const fault = error instanceof Error ? error : new Error(String(error));
  const key = `${fault.message}\n${fault.stack ?? ""}`;
  if (seen.has(key) || budget <= 0) return;
  seen.add(key);
  budget -= 1;
  const body = {
    message: fault.message.slice(0, MOST_CHARACTERS) || fault.name,
    ...(fault.stack === undefined ? {} : { stack: fault.stack.slice(0, MOST_CHARACTERS) }),
    // The fragment may hold a one-time token, the query a search: neither belongs in a log.
    url: location.origin + location.pathname,
    ...(component === undefined ? {} : { component: component.slice(0, 200) }),
  };
  http.post("/client-errors", body, { signedIn: false }).catch(() => undefined);
}

export function reportUncaught(): void {
  window.addEventListener("error", (event) => reportError(event.error ?? event.message));
  window.addEventListener("unhandledrejection", (event) => reportError(event.reason));
  setInterval(() => {
    budget = MOST_A_MINUTE;
  }, 60_000);
}

/** Sentry comes in only where the installation names one. */
export async function startSentry(dsn: string, release: string): Promise<void> {
  const { start } = await import("./sentry");
  start(dsn, release);
}
