/** What plays on the audio element: tracks behind one another on a tape, or a single file directly. */
import type { Stream, Track } from "../types";

export type SourceFault =
  /** The bytes didn't come; `status` is the HTTP status, 0 when there was none. */
  | { kind: "network"; status: number }
  /** They came and this browser can't play them. */
  | { kind: "format" };

export interface Source {
  /** Where in the track that plays now it is, and what is left of it. */
  look: () => { position_s: number; bufferedTo_s: number; left_s: number };
  /** What already lies behind what plays. */
  next: () => Track | null;
  /** To a place in the track that plays now. */
  seek: (position_s: number) => void;
  /** The list has changed ahead: what lies behind what plays comes no more. */
  reconsider: () => void;
  expires_ms: () => number;
  /** Takes it off the element again; nothing is reported after that. */
  detach: () => void;
}

const MEDIA_ERR_NETWORK = 2;

/** What a media element's error hides: asks for one byte to learn whether the address still works. */
async function diagnose(url: string, error: MediaError | null): Promise<SourceFault> {
  if (error?.code === MEDIA_ERR_NETWORK) return { kind: "network", status: 0 };
  try {
    const answer = await fetch(url, {
      headers: { range: "bytes=0-0" },
      signal: AbortSignal.timeout(10_000),
    });
    await answer.body?.cancel();
    return answer.ok ? { kind: "format" } : { kind: "network", status: answer.status };
  } catch {
    return { kind: "network", status: 0 };
  }
}

/** An address on the element itself: originals, and browsers that play HLS alone. */
export function attachDirect(
  audio: HTMLAudioElement,
  stream: Stream,
  at_s: number,
  onFault: (fault: SourceFault) => void,
): Source {
  const stop = new AbortController();
  const { signal } = stop;
  const listen = { signal, once: true };
  audio.addEventListener(
    "loadedmetadata",
    () => {
      if (at_s > 0) audio.currentTime = at_s;
    },
    listen,
  );
  audio.addEventListener(
    "error",
    () => {
      void diagnose(stream.url, audio.error).then((fault) => signal.aborted || onFault(fault));
    },
    listen,
  );
  audio.src = stream.url;
  audio.load();
  return {
    look: () => ({
      position_s: audio.currentTime,
      bufferedTo_s: audio.buffered.length > 0 ? audio.buffered.end(audio.buffered.length - 1) : 0,
      left_s: audio.duration - audio.currentTime,
    }),
    next: () => null,
    seek(position_s) {
      audio.currentTime = position_s;
    },
    reconsider: () => undefined,
    expires_ms: () => Date.parse(stream.expires_at),
    detach: () => stop.abort(),
  };
}
