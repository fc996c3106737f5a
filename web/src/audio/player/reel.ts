/** One SourceBuffer on the audio element: sound laid on it at its place, cut to the sample, and taken off. */

const TYPE = 'audio/mp4; codecs="mp4a.40.2"';
const OPENED_MS = 20_000;

export const canReel = () => "MediaSource" in window && MediaSource.isTypeSupported(TYPE);

/** Where a track lies on the reel. What its encoder put before and behind it is cut off there. */
export interface Place {
  start_s: number;
  end_s: number;
}

/** From and to, in seconds. */
export type Span = readonly [number, number];

export class Undecodable extends Error {}

export interface Reel {
  /** Lays whole fragments of a track, or its header, at its place. */
  lay: (bytes: Uint8Array<ArrayBuffer>, place: Place) => Promise<void>;
  takeOff: (from_s: number, to_s: number) => Promise<void>;
  /** Nothing comes behind what is laid; until something is laid again. */
  end: () => void;
  /** All that lies on it. */
  laid: () => readonly Span[];
}

function opening(media: MediaSource): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Undecodable("the element didn't open")), OPENED_MS);
    const open = () => {
      clearTimeout(late);
      resolve();
    };
    media.addEventListener("sourceopen", open, { once: true });
  });
}

export async function openReel(audio: HTMLAudioElement): Promise<Reel> {
  const media = new MediaSource();
  const address = URL.createObjectURL(media);
  const opened = opening(media);
  audio.src = address;
  try {
    await opened;
  } finally {
    URL.revokeObjectURL(address);
  }
  const buffer = media.addSourceBuffer(TYPE);
  const done = (start: () => void) =>
    new Promise<void>((resolve, reject) => {
      const stop = new AbortController();
      const { signal } = stop;
      const settle = (end: () => void) => () => {
        stop.abort();
        end();
      };
      const fail = settle(() => reject(new Undecodable("the browser refused the bytes")));
      buffer.addEventListener("error", fail, { signal });
      buffer.addEventListener("updateend", settle(resolve), { signal });
      try {
        start();
      } catch (error) {
        stop.abort();
        throw error;
      }
    });
  return {
    async lay(bytes, { start_s, end_s }) {
      await done(() => {
        buffer.timestampOffset = start_s;
        // First the end: it may never lie before the start.
        buffer.appendWindowEnd = Number.POSITIVE_INFINITY;
        buffer.appendWindowStart = start_s;
        buffer.appendWindowEnd = end_s;
        buffer.appendBuffer(bytes);
      });
      // Nobody gets to a place behind the duration, and the first header told that of its own track.
      if (media.readyState === "open" && media.duration < end_s) media.duration = end_s;
    },
    takeOff: (from_s, to_s) => done(() => buffer.remove(from_s, to_s)),
    end() {
      if (media.readyState === "open") media.endOfStream();
    },
    laid: () => {
      const { buffered } = buffer;
      return Array.from({ length: buffered.length }, (_, at) => [buffered.start(at), buffered.end(at)]);
    },
  };
}
