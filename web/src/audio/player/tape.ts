/** Tracks one behind the other on one reel: what plays goes over into the next without a gap.
 *
 *  One loop does one step after the other, so that nothing is laid and taken off at the same time.
 *  What is to be done it decides anew each time, from where the element is (`plan.ts`).
 */
import { Problem } from "@/api/problem";
import type { Track } from "../types";
import { faultIn } from "./faults";
import { Unfetched } from "./fetching";
import type { Piece } from "./piece";
import { AHEAD_S, stepAt } from "./plan";
import { openReel, Undecodable } from "./reel";
import type { Source, SourceFault } from "./source";

export interface Script {
  /** What comes behind a track that ends there; null for nothing. A fault is told when it is its turn. */
  next: (end_s: number, signal: AbortSignal) => Promise<Piece | null>;
  /** From now on this one plays. */
  onTurn: (track: Track) => void;
  /** What plays now can't go on. */
  onFault: (fault: SourceFault) => void;
}

const MOST_TRIES = 3;
const MOST_PAUSE_MS = 8_000;
const LEAST_AHEAD_S = 15;
/** More sound than this means that there is time to try again. */
const ENOUGH_S = 1;

/** The server's last word, however often it is asked. */
const isRefusal = ({ status }: Unfetched | Problem) => status >= 400 && status < 500 && status !== 429;

const willPass = (error: unknown) =>
  (error instanceof Unfetched || error instanceof Problem) && !isRefusal(error);

const isFull = (error: unknown) =>
  error instanceof DOMException && error.name === "QuotaExceededError";

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const over = setTimeout(resolve, ms);
    const end = () => {
      clearTimeout(over);
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", end, { once: true });
  });
}

export async function openTape(
  audio: HTMLAudioElement,
  first: Piece,
  at_s: number,
  script: Script,
): Promise<Source> {
  const reel = await openReel(audio);
  const closing = new AbortController();
  let pieces = [first];
  let playing = first;
  let isLast = false;
  /** Whether what comes next is being found out: a change of the list overtakes that. */
  let isAsking = false;
  let ahead_s = AHEAD_S;
  /** Whose header the reel has. */
  let headed = "";
  let laid: { part: string; times: number } = { part: "", times: 0 };
  let working = new AbortController();
  let wake = (): void => undefined;

  const aheadOf = (time_s: number) =>
    (reel.laid().find(([from_s, to_s]) => from_s <= time_s + 0.1 && time_s < to_s)?.[1] ?? time_s) -
    time_s;

  /** Tries again what will pass by itself, as long as there is sound meanwhile. */
  async function insisting<T>(act: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await act();
      } catch (error) {
        if (signal.aborted || !willPass(error)) throw error;
        if (tries >= MOST_TRIES && aheadOf(audio.currentTime) < ENOUGH_S) throw error;
        await pause(Math.min(1000 * 2 ** (tries - 1), MOST_PAUSE_MS), signal);
      }
    }
  }

  async function fetched(piece: Piece, part: number, signal: AbortSignal) {
    const fetch = () => insisting(() => piece.fetch(part, signal), signal);
    try {
      return await fetch();
    } catch (error) {
      if (!(error instanceof Unfetched && isRefusal(error))) throw error;
      // Most often the address has run out.
      await insisting(() => piece.renew(signal), signal);
      return fetch();
    }
  }

  async function lay(piece: Piece, part: number, signal: AbortSignal): Promise<void> {
    const { rung, header, bytes } = await fetched(piece, part, signal);
    if (signal.aborted || !pieces.includes(piece)) return;
    const name = `${piece.start_s} ${part}`;
    laid = { part: name, times: laid.part === name ? laid.times + 1 : 1 };
    if (laid.times > MOST_TRIES) throw new Undecodable("it doesn't stay on the reel");
    try {
      const head = `${piece.track.id} ${piece.start_s} ${rung}`;
      if (head !== headed) await reel.lay(header, piece);
      headed = head;
      await reel.lay(bytes, piece);
    } catch (error) {
      if (!isFull(error)) throw error;
      ahead_s = Math.max(ahead_s / 2, LEAST_AHEAD_S);
      await reel.takeOff(0, Math.max(audio.currentTime - 5, 0.001));
    }
  }

  async function goOn(signal: AbortSignal): Promise<void> {
    const last = pieces.at(-1) ?? playing;
    isAsking = true;
    const next = await insisting(() => script.next(last.end_s, signal), signal).catch(() => null);
    isAsking = false;
    if (signal.aborted || pieces.at(-1) !== last) return;
    if (next) pieces = [...pieces, next];
    else isLast = true;
  }

  /** Whether there was anything to do. */
  async function step(signal: AbortSignal): Promise<boolean> {
    const todo = stepAt(audio.currentTime, pieces, reel.laid(), isLast, ahead_s);
    if (todo.does === "rest") return false;
    if (todo.does === "end") {
      reel.end();
      return false;
    }
    if (todo.does === "go on") await goOn(signal);
    else if (todo.does === "take off") await reel.takeOff(todo.from_s, todo.to_s);
    else {
      const piece = pieces[todo.piece];
      try {
        if (piece) await lay(piece, todo.part, signal);
      } catch (error) {
        if (signal.aborted || piece === playing) throw error;
        // The one ahead is at fault. It is told when it would be its turn.
        pieces = pieces.filter((each) => each !== piece);
        isLast = true;
      }
    }
    return true;
  }

  async function work(): Promise<void> {
    while (!closing.signal.aborted) {
      working = new AbortController();
      const signal = AbortSignal.any([closing.signal, working.signal]);
      try {
        if (await step(signal)) continue;
      } catch (error) {
        // Called off: by a seek or a change of the list, or for good, which ends the loop.
        if (signal.aborted) continue;
        closing.abort();
        script.onFault(faultIn(error) ?? { kind: "network", status: 0 });
        return;
      }
      await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  const { signal } = closing;
  audio.addEventListener("timeupdate", () => wake(), { signal });
  audio.addEventListener(
    "seeking",
    () => {
      laid = { part: "", times: 0 };
      working.abort();
      wake();
    },
    { signal },
  );
  audio.addEventListener("error", () => {
    closing.abort();
    script.onFault({ kind: "format" });
  }, { signal });
  signal.addEventListener("abort", () => wake());
  if (at_s > 0) audio.currentTime = at_s;
  void work();

  return {
    look() {
      const time_s = audio.currentTime;
      const here = pieces.findLast(({ start_s }) => start_s <= time_s);
      if (here && here !== playing) {
        playing = here;
        pieces = pieces.slice(pieces.indexOf(here));
        script.onTurn(here.track);
      }
      const { start_s, end_s } = playing;
      return {
        position_s: Math.min(Math.max(time_s, start_s), end_s) - start_s,
        bufferedTo_s: Math.min(time_s + aheadOf(time_s), end_s) - start_s,
        left_s: end_s - time_s,
      };
    },
    next: () => pieces[pieces.indexOf(playing) + 1]?.track ?? null,
    seek(position_s) {
      audio.currentTime = Math.min(playing.start_s + position_s, playing.end_s);
    },
    reconsider() {
      const kept = pieces.slice(0, pieces.indexOf(playing) + 1);
      isLast = false;
      if (kept.length < pieces.length || isAsking) working.abort();
      pieces = kept;
      headed = "";
      wake();
    },
    expires_ms: () => playing.expires_ms(),
    detach: () => closing.abort(),
  };
}
