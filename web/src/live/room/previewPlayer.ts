/** Plays a show's preview on a video element: HLS by hls.js or the browser, tried again for as long as
 *  the show is on, and counted for the server's metrics. */
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import type { Preview, PreviewReport } from "../types";

export type PreviewState =
  /** It is on its way; `words` say what it waits for, where that is known. */
  | { name: "starting" | "waiting"; words: string | null }
  | { name: "playing" };

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
const REPORT_MS = 30_000;
const UNPLAYABLE = "This browser can't play what the encoder sends. H.264 with AAC they all can.";

/** Why it doesn't play: `words` for people, null where the server said nothing. */
type OnFault = (words: string | null) => void;
/** In which size it plays, in words; null where there is only one. */
type OnSize = (size: string | null) => void;
/** The encoder's own size, and what it is called. */
const SOURCE = "index";
const SOURCE_WORDS = "Source";
/** What the connection has carried so far, in bit/s: where the next player begins. */
let carried: number | undefined;

/** What the server said in a refused answer. */
function detailOf(details: unknown): string | null {
  if (!(details instanceof XMLHttpRequest)) return null;
  try {
    const { detail } = JSON.parse(details.responseText) as { detail?: unknown };
    return typeof detail === "string" ? detail : null;
  } catch {
    return null;
  }
}

/** "720p" of an address that ends in `720p.m3u8`. */
function sizeOf(address: string): string {
  const name = /([^/]+)\.m3u8$/.exec(new URL(address, location.href).pathname)?.[1] ?? SOURCE;
  return name === SOURCE ? SOURCE_WORDS : name;
}

async function attach(
  video: HTMLVideoElement,
  url: string,
  onFault: OnFault,
  onSize: OnSize,
): Promise<() => void> {
  const { default: Hls } = await import("hls.js/light");
  if (!Hls.isSupported()) {
    const stop = new AbortController();
    video.addEventListener("error", () => onFault(null), { signal: stop.signal, once: true });
    video.src = url;
    return () => {
      stop.abort();
      video.removeAttribute("src");
      video.load();
    };
  }
  let mended = false;
  const hls = new Hls({
    enableWorker: false, // the content security policy allows no worker made from a blob
    liveSyncDurationCount: 2,
    liveMaxLatencyDurationCount: 5,
    maxBufferLength: 12,
    backBufferLength: 12,
    ...(carried === undefined ? {} : { abrEwmaDefaultEstimate: carried, testBandwidth: false }),
  });
  hls.on(Hls.Events.LEVEL_SWITCHED, (_name, { level }) => {
    const address = hls.levels.length > 1 ? hls.levels[level]?.uri : undefined;
    onSize(address === undefined ? null : sizeOf(address));
  });
  hls.on(Hls.Events.ERROR, (_name, data) => {
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true;
      hls.recoverMediaError();
    } else if (data.type === Hls.ErrorTypes.NETWORK_ERROR) onFault(detailOf(data.networkDetails));
    else onFault(UNPLAYABLE);
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  return () => {
    if (Number.isFinite(hls.bandwidthEstimate)) carried = hls.bandwidthEstimate;
    hls.destroy();
  };
}

/** What has been seen since the last report. */
class Tally {
  private readonly began_ms = performance.now();
  private counted_ms = this.began_ms;
  private start_ms: number | null = null;
  private rebuffers = 0;
  private dropped = 0;
  started = false;

  constructor(
    private readonly projectId: string,
    private readonly video: HTMLVideoElement,
  ) {}

  /** The picture moves; whether that is the first time. */
  moves(): void {
    if (this.started) return;
    this.started = true;
    this.counted_ms = performance.now();
    this.start_ms = Math.round(this.counted_ms - this.began_ms);
  }

  waits(): void {
    if (this.started) this.rebuffers += 1;
  }

  /** Tells it; whoever doesn't hear misses some figures, and nothing else. */
  report(): void {
    if (!this.started) return;
    const now_ms = performance.now();
    const dropped = this.video.getVideoPlaybackQuality().droppedVideoFrames;
    const told: PreviewReport = {
      played_s: Math.min((now_ms - this.counted_ms) / 1000, 3_600),
      start_ms: this.start_ms,
      rebuffers: this.rebuffers,
      dropped_frames: Math.max(dropped - this.dropped, 0),
    };
    this.counted_ms = now_ms;
    this.start_ms = null;
    this.rebuffers = 0;
    this.dropped = dropped;
    http.post(`/live/previews/${this.projectId}`, told).catch(() => undefined);
  }
}

/** Plays until the answer is called. Who looks at another tab is shown nothing meanwhile. */
export function playPreview(
  video: HTMLVideoElement,
  projectId: string,
  onState: (state: PreviewState) => void,
  onSize: OnSize,
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const tally = new Tally(projectId, video);
  let detach: (() => void) | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pause_ms = FIRST_PAUSE_MS;
  let turn = 0;

  const rest = () => {
    turn += 1;
    clearTimeout(timer);
    detach?.();
    detach = null;
  };
  const fail = (words: string | null) => {
    rest();
    if (signal.aborted || document.hidden) return;
    onState({ name: "waiting", words });
    timer = setTimeout(() => void begin(), pause_ms * (0.75 + Math.random() / 2));
    pause_ms = Math.min(pause_ms * 2, LONGEST_PAUSE_MS);
  };
  const begin = async () => {
    rest();
    const mine = turn;
    const current = () => mine === turn && !signal.aborted;
    try {
      const { url } = await http.get<Preview>(`/live/previews/${projectId}`, { signal });
      if (!current()) return;
      onSize(null);
      const made = await attach(
        video,
        url,
        (words) => {
          if (current()) fail(words);
        },
        (size) => {
          if (current()) onSize(size);
        },
      );
      if (current()) detach = made;
      else made();
    } catch (error) {
      if (current()) fail(sentenceOf(error));
    }
  };

  video.addEventListener(
    "playing",
    () => {
      pause_ms = FIRST_PAUSE_MS;
      tally.moves();
      onState({ name: "playing" });
    },
    { signal },
  );
  video.addEventListener("waiting", () => tally.waits(), { signal });
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.hidden) rest();
      else void begin();
    },
    { signal },
  );
  const reporting = setInterval(() => tally.report(), REPORT_MS);
  onState({ name: "starting", words: null });
  if (!document.hidden) void begin();
  return () => {
    stop.abort();
    clearInterval(reporting);
    rest();
    tally.report();
  };
}
