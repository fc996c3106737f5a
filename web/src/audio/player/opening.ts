/** Finds what a track is played from, and what lies behind it in the list. */
import { prepare, streamOf } from "../queries";
import type { Quality, Track } from "../types";
import { readyLevel } from "./levelling";
import { isHls, openPiece, type Piece } from "./piece";
import { lengthened, nextOf } from "./queue";
import { canReel } from "./reel";
import { attachDirect, type Source } from "./source";
import { change, player } from "./state";
import { openTape, type Script } from "./tape";

/** Its renditions aren't made yet: its original plays meanwhile, if this browser can. */
export const isUnprepared = ({ via, folder_id, has_renditions }: Track) =>
  via === undefined && folder_id !== null && !has_renditions;

export async function openSource(
  audio: HTMLAudioElement,
  track: Track,
  quality: Quality,
  at_s: number,
  script: Script,
  signal: AbortSignal,
): Promise<Source> {
  if (isUnprepared(track)) void prepare(track.id).catch(() => undefined);
  const onReel = quality !== "original" && canReel();
  // On a reel one rung or another is chosen here; elsewhere the browser gets one address.
  const [stream] = await Promise.all([
    streamOf(track, onReel ? "auto" : quality),
    readyLevel(track),
  ]);
  signal.throwIfAborted();
  if (!onReel || !isHls(stream)) return attachDirect(audio, stream, at_s, script.onFault);
  const piece = await openPiece(track, stream, quality, 0, signal);
  signal.throwIfAborted();
  return openTape(audio, piece, at_s, script);
}

/** The next of the list at its place; null where there is none, or none that lies on a reel. */
export async function openNext(end_s: number, signal: AbortSignal): Promise<Piece | null> {
  const { queue, quality } = player.get();
  const longer = await lengthened(queue);
  if (signal.aborted || player.get().queue !== queue) return null;
  if (longer !== queue) change({ queue: longer });
  const track = nextOf(longer);
  if (track === undefined || isUnprepared(track)) return null;
  const [stream] = await Promise.all([streamOf(track, "auto", signal), readyLevel(track)]);
  return isHls(stream) ? openPiece(track, stream, quality, end_s, signal) : null;
}
