/** The player's hands: play, pause, seek, step, quality, and getting up after a fault. */
import { onBack } from "@/api/connection";
import { Problem, sentenceOf } from "@/api/problem";
import { session } from "@/api/session";
import type { Quality, Track } from "../types";
import { amplify, listenTo } from "./analyser";
import { audio } from "./element";
import { faultIn, reasonOf } from "./faults";
import { factorOf } from "./levelling";
import { isUnprepared, openNext, openSource } from "./opening";
import { hushOthers, onHush } from "./otherTabs";
import { emptyQueue, nextOf, queueFrom, step, type Queue } from "./queue";
import type { Source, SourceFault } from "./source";
import { change, nothing, player, playhead, type Fault } from "./state";

const MOST_TRIES = 3;
const TRY_AGAIN_MS = 1_000;
/** Pressing "previous" later than this goes to the start of the track instead. */
const BACK_TO_START_S = 4;
/** So long before a track ends, the level of the next is set for the moment at which it begins. */
const LEVEL_AHEAD_S = 2;

let source: Source | null = null;
/** Ends what an overtaken load is still about. */
let loading = new AbortController();
let tries = 0;
/** Whether it should sound, whatever the element is doing at the moment. */
let wanted = false;

function fail(fault: Fault): void {
  wanted = false;
  audio.pause();
  change({ status: "failed", fault });
}

function release(): void {
  loading.abort();
  source?.detach();
  source = null;
}

async function start(): Promise<void> {
  if (!wanted) return;
  try {
    await audio.play();
  } catch (error) {
    // The browser wants a gesture first. Other refusals come as the element's own error.
    if (error instanceof DOMException && error.name === "NotAllowedError") pause();
  }
}

const lengthOf = ({ duration_ms }: Track) => (duration_ms ?? 0) / 1000;

/** The tape has gone over into the next track: so does all that is shown and counted. */
function onTurn(track: Track): void {
  const { queue } = player.get();
  tries = 0;
  change({ track, queue: { ...queue, index: queue.index + 1 }, fault: null });
  playhead.set({ position_s: 0, duration_s: lengthOf(track), bufferedTo_s: 0 });
}

async function load(track: Track, at_s: number): Promise<void> {
  release();
  loading = new AbortController();
  const { signal } = loading;
  audio.pause();
  playhead.set({ position_s: at_s, duration_s: lengthOf(track), bufferedTo_s: 0 });
  change({ track, status: wanted ? "loading" : "paused", fault: null });
  const onFault = (fault: SourceFault) => {
    if (!signal.aborted) void getUp(fault);
  };
  const script = { next: openNext, onTurn, onFault };
  try {
    const opened = await openSource(audio, track, player.get().quality, at_s, script, signal);
    if (signal.aborted) {
      opened.detach();
      return;
    }
    source = opened;
    amplify(factorOf(track));
    await start();
  } catch (error) {
    if (signal.aborted) return;
    const fault = faultIn(error);
    if (fault) await getUp(fault);
    else {
      const text =
        isUnprepared(track) && error instanceof Problem && error.status === 409
          ? `“${track.title}” is being prepared. Try again in a moment.`
          : `“${track.title}” can't be played. ${sentenceOf(error)}`;
      fail({ text, remedy: "retry" });
    }
  }
}

async function getUp(fault: SourceFault): Promise<void> {
  const { track, quality } = player.get();
  const { position_s } = playhead.get();
  if (!track) return;
  if (fault.kind === "format") {
    fail({ text: reasonOf(track, fault, quality), remedy: "other-quality" });
    return;
  }
  // Most often the signed address has run out; a new one goes on at the same place.
  tries += 1;
  if (tries > MOST_TRIES) {
    fail({ text: reasonOf(track, fault, quality), remedy: "retry" });
    return;
  }
  change({ status: "loading" });
  const { signal } = loading;
  await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS * (tries - 1)));
  if (!signal.aborted) await load(track, position_s);
}

export function playQueue(queue: Queue, at_s = 0): void {
  const track = queue.tracks[queue.index];
  if (!track) return;
  change({ queue });
  [wanted, tries] = [true, 0];
  listenTo(audio);
  void load(track, at_s);
}

export function playTrack(
  track: Track,
  list: readonly Track[],
  rest: Queue["rest"] = null,
  at_s = 0,
): void {
  playQueue(queueFrom(list, track, rest), at_s);
}

export function pause(): void {
  wanted = false;
  audio.pause();
  if (player.get().status !== "failed") change({ status: "paused" });
}

export function resume(): void {
  const { track } = player.get();
  if (!track) return;
  [wanted, tries] = [true, 0];
  listenTo(audio);
  const expired = !source || source.expires_ms() <= Date.now();
  if (expired || player.get().status === "failed") void load(track, playhead.get().position_s);
  else if (audio.ended) seek(0);
  else void start();
}

export function toggle(): void {
  if (wanted) pause();
  else resume();
}

export function seek(position_s: number): void {
  const { track, status } = player.get();
  if (!track) return;
  const { duration_s } = playhead.get();
  const target_s = Math.min(Math.max(position_s, 0), Math.max(duration_s - 0.25, 0));
  playhead.set({ ...playhead.get(), position_s: target_s });
  if (status === "failed" || !source) return;
  source.seek(target_s);
  void start();
}

export async function go(by: 1 | -1): Promise<void> {
  const { queue, track } = player.get();
  if (by === -1 && playhead.get().position_s > BACK_TO_START_S) {
    seek(0);
    return;
  }
  try {
    const next = await step(queue, by);
    const now = player.get();
    // A list that has grown or changed meanwhile is asked anew, unless something else plays by now.
    if (now.queue !== queue) await (now.track === track ? go(by) : undefined);
    else if (next) playQueue(next);
    else if (by === -1) seek(0);
    else if (audio.ended) pause();
  } catch (error) {
    fail({ text: `The next track can't be found. ${sentenceOf(error)}`, remedy: "retry" });
  }
}

export function setQuality(quality: Quality): void {
  const { track, status } = player.get();
  change({ quality });
  if (!track) return;
  wanted ||= status === "failed";
  tries = 0;
  void load(track, playhead.get().position_s);
}

export function stop(): void {
  wanted = false;
  release();
  audio.pause();
  audio.removeAttribute("src");
  audio.load();
  playhead.set(nothing);
  change({ track: null, status: "idle", fault: null, queue: emptyQueue });
}

function follow(event: Event): void {
  if (!source) return;
  const { position_s, bufferedTo_s, left_s } = source.look();
  const { track } = player.get();
  const before = playhead.get();
  const { duration_s } = before;
  // Until a new source has gone to its place, the element's own time is a wrong 0.
  const moved = event.type === "timeupdate" || event.type === "seeked";
  playhead.set({
    position_s: moved && audio.readyState > 0 ? position_s : before.position_s,
    // The server measured the length exactly; manifests round it.
    duration_s: duration_s > 0 || !Number.isFinite(audio.duration) ? duration_s : audio.duration,
    bufferedTo_s,
  });
  if (!track || !moved) return;
  const next = !audio.paused && left_s < LEVEL_AHEAD_S ? source.next() : null;
  amplify(factorOf(track), next ? { then: factorOf(next), in_s: left_s } : undefined);
}

for (const name of ["timeupdate", "seeked", "durationchange", "progress"]) {
  audio.addEventListener(name, follow);
}
audio.addEventListener("playing", () => {
  tries = 0;
  hushOthers();
  change({ status: "playing", fault: null });
});
audio.addEventListener("waiting", () => wanted && change({ status: "loading" }));
audio.addEventListener("pause", () => {
  // Headphones pulled out, another app's sound: the element stops without us.
  if (wanted && source && !audio.ended && !audio.error && audio.readyState > 2) pause();
});
audio.addEventListener("ended", () => void go(1));

let next = nextOf(emptyQueue);
player.subscribe(() => {
  const wantedNext = nextOf(player.get().queue);
  if (wantedNext !== next) source?.reconsider();
  next = wantedNext;
});
onHush(() => wanted && pause());

onBack(() => {
  if (player.get().status === "failed" && player.get().fault?.remedy === "retry") resume();
});
session.subscribe(() => session.get().state === "out" && stop());
