/** The player's hands: play, pause, seek, step, quality, volume, and getting up after a fault. */
import { onBack } from "@/api/connection";
import { Problem, sentenceOf } from "@/api/problem";
import { prepare, streamOf } from "../queries";
import { session } from "@/api/session";
import type { Quality, Stream, Track } from "../types";
import { listenTo } from "./analyser";
import { hushOthers, onHush } from "./otherTabs";
import { emptyQueue, queueFrom, step, type Queue } from "./queue";
import { attach, type Source, type SourceFault } from "./source";
import { change, nothing, player, playhead, QUALITIES, type Fault } from "./state";

const MOST_TRIES = 3;
const TRY_AGAIN_MS = 1_000;
/** Pressing "previous" later than this goes to the start of the track instead. */
const BACK_TO_START_S = 4;

export const audio = new Audio();
audio.preload = "auto";
// Without it, media that storage serves from elsewhere would sound as silence behind the meter.
audio.crossOrigin = "anonymous";

let source: Source | null = null;
let stream: Stream | null = null;
/** Counts loads, so that what an overtaken load still reports is ignored. */
let load_no = 0;
let tries = 0;
/** Whether it should sound, whatever the element is doing at the moment. */
let wanted = false;

function fail(fault: Fault): void {
  wanted = false;
  audio.pause();
  change({ status: "failed", fault });
}

function release(): void {
  source?.detach();
  source = null;
  stream = null;
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

async function load(track: Track, at_s: number): Promise<void> {
  load_no += 1;
  const mine = load_no;
  release();
  audio.pause();
  const duration_s = (track.duration_ms ?? 0) / 1000;
  playhead.set({ position_s: at_s, duration_s, bufferedTo_s: 0 });
  change({ track, status: wanted ? "loading" : "paused", fault: null });
  const unprepared = track.via === undefined && track.folder_id !== null && !track.has_renditions;
  // Its original plays meanwhile, if this browser can.
  if (unprepared) void prepare(track.id).catch(() => undefined);
  try {
    const next = await streamOf(track, player.get().quality);
    if (mine !== load_no) return;
    const attached = await attach(audio, next, at_s, (fault) => {
      if (mine === load_no) void onFault(track, fault);
    });
    if (mine !== load_no) {
      attached.detach();
      return;
    }
    [source, stream] = [attached, next];
    await start();
  } catch (error) {
    if (mine !== load_no) return;
    const text =
      unprepared && error instanceof Problem && error.status === 409
        ? `“${track.title}” is being prepared. Try again in a moment.`
        : `“${track.title}” can't be played. ${sentenceOf(error)}`;
    fail({ text, remedy: "retry" });
  }
}

function reasonOf({ title }: Track, status: number): string {
  if (status === 0) return "The connection to the server broke. Playing goes on when it is back.";
  return status >= 500
    ? `The server failed to send “${title}” (status ${status}). Try again in a moment.`
    : `The server doesn't hand out “${title}” (status ${status}). It may have been deleted.`;
}

async function onFault(track: Track, fault: SourceFault): Promise<void> {
  const { position_s } = playhead.get();
  if (fault.kind === "format") {
    const name = QUALITIES.find((each) => each.value === player.get().quality)?.name ?? "";
    const text =
      player.get().quality === "original"
        ? `This browser can't play the original file (${track.content_type}). The other qualities play everywhere.`
        : `This browser couldn't decode “${track.title}” at the quality “${name}”.`;
    fail({ text, remedy: "other-quality" });
    return;
  }
  // Most often the signed address has run out; a new one goes on at the same place.
  tries += 1;
  if (tries > MOST_TRIES) {
    fail({ text: reasonOf(track, fault.status), remedy: "retry" });
    return;
  }
  change({ status: "loading" });
  const mine = load_no;
  await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS * (tries - 1)));
  if (mine === load_no) await load(track, position_s);
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
  const expired = !stream || Date.parse(stream.expires_at) <= Date.now();
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
  if (status === "failed" || !stream) return;
  audio.currentTime = target_s;
  void start();
}

export async function go(by: 1 | -1): Promise<void> {
  const { queue } = player.get();
  if (by === -1 && playhead.get().position_s > BACK_TO_START_S) {
    seek(0);
    return;
  }
  try {
    const next = await step(queue, by);
    if (next && player.get().queue === queue) playQueue(next);
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

export function setVolume(volume: number): void {
  audio.volume = Math.min(Math.max(volume, 0), 1);
  audio.muted = false;
  change({ volume: audio.volume, muted: false });
}

export function toggleMute(): void {
  audio.muted = !audio.muted;
  change({ muted: audio.muted });
}

export function stop(): void {
  load_no += 1;
  wanted = false;
  release();
  audio.pause();
  audio.removeAttribute("src");
  audio.load();
  playhead.set(nothing);
  change({ track: null, status: "idle", fault: null, queue: emptyQueue });
}

function follow(event: Event): void {
  if (!stream) return;
  const { position_s, duration_s } = playhead.get();
  const ranges = audio.buffered;
  // Until a new source has gone to its place, the element's own time is a wrong 0.
  const moved = event.type === "timeupdate" || event.type === "seeked";
  playhead.set({
    position_s: moved && audio.readyState > 0 ? audio.currentTime : position_s,
    // The server measured the length exactly; manifests round it.
    duration_s: duration_s > 0 || !Number.isFinite(audio.duration) ? duration_s : audio.duration,
    bufferedTo_s: ranges.length > 0 ? ranges.end(ranges.length - 1) : 0,
  });
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
  if (wanted && stream && !audio.ended && !audio.error && audio.readyState > 2) pause();
});
audio.addEventListener("ended", () => void go(1));
audio.volume = player.get().volume;
onHush(() => wanted && pause());

onBack(() => {
  if (player.get().status === "failed" && player.get().fault?.remedy === "retry") resume();
});
session.subscribe(() => {
  if (session.get().state === "out") stop();
});
