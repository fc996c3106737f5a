/**
 * Live updates: one stream a browser. The tab that holds the lock reads it and passes each event to
 * the others; where locks are missing each tab reads its own.
 */
import { reportAnswer, reportSilence } from "./connection";
import { Problem, problemOf } from "./problem";
import { accessToken, refresh, session, signedOut } from "./session";
import { createParser, type ServerEvent } from "./sse";

export interface LiveEvent {
  name: string;
  data: unknown;
}

/** Which topics are asked for, and which events of theirs anybody hears. */
export interface Wanted {
  topics: readonly string[];
  names: readonly string[];
}

type Listener = (event: LiveEvent) => void;

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** What every reader of the stream knows; the rest is named by those who hear it. */
const OWN = ["session", "reset"];
const listeners = new Set<Listener>();
const channel = "BroadcastChannel" in window ? new BroadcastChannel("backline.events") : null;

channel?.addEventListener("message", (event: MessageEvent<LiveEvent>) => tell(event.data));

export function onLive(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(event: LiveEvent): void {
  for (const listener of listeners) listener(event);
}

function receive(raw: ServerEvent, names: ReadonlySet<string>): void {
  if (!names.has(raw.name)) return;
  const event: LiveEvent = { name: raw.name, data: JSON.parse(raw.data) };
  channel?.postMessage(event);
  tell(event);
  if (event.name === "session") {
    signedOut("You were signed out: this session has ended on the server. Sign in to go on.");
  }
}

interface Progress {
  lastId: string | null;
  wait_ms: number;
}

/** Reads one connection to its end. Throws when it can't be opened or breaks. */
async function readOnce(wanted: Wanted, progress: Progress, signal: AbortSignal): Promise<void> {
  const headers: Record<string, string> = {
    accept: "text/event-stream",
    authorization: `Bearer ${await accessToken()}`,
  };
  if (progress.lastId !== null) headers["last-event-id"] = progress.lastId;
  const answer = await fetch(`/api/v1/events?topics=${wanted.topics.join()}`, {
    headers,
    signal,
    cache: "no-store",
  });
  if (answer.status === 401) {
    await refresh();
    return;
  }
  reportAnswer();
  if (!answer.ok || answer.body === null) throw await problemOf(answer);
  const names = new Set([...OWN, ...wanted.names]);
  const parser = createParser();
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    for (const event of parser.feed(value)) receive(event, names);
    progress.lastId = parser.lastId() ?? progress.lastId;
    progress.wait_ms = parser.retryMs() ?? FIRST_WAIT_MS;
  }
}

const pause = (wait_ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, wait_ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });

async function readForever(wanted: Wanted, signal: AbortSignal): Promise<void> {
  const progress: Progress = { lastId: null, wait_ms: FIRST_WAIT_MS };
  const stopped = () => signal.aborted;
  while (!stopped()) {
    try {
      await readOnce(wanted, progress, signal);
    } catch (error) {
      if (stopped()) return;
      // A refusal is an answer too; only silence is a matter of the connection.
      if (!(error instanceof Problem)) reportSilence();
      progress.wait_ms = Math.min(progress.wait_ms * 2, LONGEST_WAIT_MS);
    }
    if (stopped() || session.get().state !== "in") return;
    // A random part keeps a thousand browsers from coming back in the same instant.
    await pause(progress.wait_ms * (0.5 + Math.random()), signal);
  }
}

/** Follows events until the returned function is called. */
export function follow(wanted: Wanted): () => void {
  const stop = new AbortController();
  const locks = (navigator as { locks?: LockManager }).locks;
  const read = () => readForever(wanted, stop.signal);
  const reading = locks
    ? locks.request("backline.events", { signal: stop.signal }, read)
    : read();
  reading.catch(() => undefined);
  return () => stop.abort();
}
