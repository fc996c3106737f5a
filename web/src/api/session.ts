/**
 * Who is signed in, in this tab and the others. The access token lives in memory only; the refresh
 * token is a cookie that scripts can't read. One tab refreshes at a time and tells the rest.
 */
import { problemOf, Problem, unreachable } from "./problem";
import { reportAnswer, reportSilence } from "./connection";
import { recall, remember } from "./storage";
import { createStore } from "./store";
import type { Tokens } from "./types";

export type Session =
  | { state: "unknown" }
  | { state: "in"; token: string; expiresAt: number }
  | { state: "out"; reason: string | null };

type Message =
  | { kind: "in"; token: string; expiresAt: number }
  | { kind: "out"; reason: string | null };

export const session = createStore<Session>({ state: "unknown" });

const REFRESH_AHEAD_MS = 60_000;
const RETRY_MS = 5_000;
const channel = "BroadcastChannel" in window ? new BroadcastChannel("backline.session") : null;
let timer: ReturnType<typeof setTimeout> | undefined;
let refreshing: Promise<Session> | null = null;

function become(next: Session): void {
  clearTimeout(timer);
  session.set(next);
  remember("signed-in", next.state === "in" ? "yes" : null);
  if (next.state !== "in") return;
  const wait_ms = Math.max(next.expiresAt - Date.now() - REFRESH_AHEAD_MS, RETRY_MS);
  timer = setTimeout(() => void refresh().catch(() => undefined), wait_ms);
}

channel?.addEventListener("message", (event: MessageEvent<Message>) => {
  const { data } = event;
  if (data.kind === "in") become({ state: "in", token: data.token, expiresAt: data.expiresAt });
  else if (session.get().state === "in") become({ state: "out", reason: data.reason });
});

export function signedIn(tokens: Tokens): void {
  const expiresAt = Date.now() + tokens.expires_in * 1_000;
  become({ state: "in", token: tokens.access_token, expiresAt });
  channel?.postMessage({ kind: "in", token: tokens.access_token, expiresAt } satisfies Message);
}

export function signedOut(reason: string | null): void {
  become({ state: "out", reason });
  channel?.postMessage({ kind: "out", reason } satisfies Message);
}

const usable = (current: Session, tooOld: string | null) =>
  current.state === "in" && current.token !== tooOld && current.expiresAt > Date.now() + RETRY_MS;

async function refreshNow(tooOld: string | null): Promise<Session> {
  // Another tab may have done it while this one waited for the lock.
  const current = session.get();
  if (tooOld !== null && usable(current, tooOld)) return current;
  let answer: Response;
  try {
    answer = await fetch("/api/v1/auth/refresh", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
      signal: AbortSignal.timeout(15_000),
    });
  } catch {
    reportSilence();
    throw unreachable();
  }
  if (answer.ok) {
    reportAnswer();
    signedIn((await answer.json()) as Tokens);
  } else if (answer.status === 401 || answer.status === 403) {
    const wasIn = current.state === "in";
    signedOut(wasIn ? "Your session has ended. Sign in again to go on." : null);
  } else {
    throw await problemOf(answer);
  }
  return session.get();
}

/** Gets a new access token. All callers in all tabs share one request. */
export function refresh(): Promise<Session> {
  const current = session.get();
  const tooOld = current.state === "in" ? current.token : null;
  // navigator.locks is missing on plain HTTP off loopback; the server's grace covers two tabs then.
  const locks = (navigator as { locks?: LockManager }).locks;
  const alone = async () => {
    const once = () => refreshNow(tooOld);
    return locks ? await locks.request("backline.refresh", once) : await once();
  };
  refreshing ??= alone().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** Settles who is signed in when the page opens. A visitor who never signed in costs no request. */
export async function restore(): Promise<Session> {
  const current = session.get();
  if (current.state !== "unknown") return current;
  if (recall("signed-in") === null) {
    become({ state: "out", reason: null });
    return session.get();
  }
  return refresh();
}

/** A token good for the next request. Throws a `Problem` with status 401 when nobody is signed in. */
export async function accessToken(): Promise<string> {
  let current = session.get();
  if (current.state !== "in" || current.expiresAt < Date.now() + RETRY_MS) {
    current = current.state === "out" ? current : await refresh();
  }
  if (current.state !== "in") throw new Problem(401, "Please sign in", "Nobody is signed in here.");
  return current.token;
}
