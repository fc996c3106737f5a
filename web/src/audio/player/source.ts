/** Puts a stream on the audio element: HLS through hls.js or the browser, single files directly. */
import type { Stream } from "../types";

export type SourceFault =
  /** The bytes didn't come; `status` is the HTTP status, 0 when there was none. */
  | { kind: "network"; status: number }
  /** They came and this browser can't play them. */
  | { kind: "format" };

export interface Source {
  /** Takes it off the element again; nothing is reported after that. */
  detach: () => void;
}

const HLS_TYPE = /mpegurl/i;
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

function attachDirect(
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
  return { detach: () => stop.abort() };
}

async function attachHls(
  audio: HTMLAudioElement,
  stream: Stream,
  at_s: number,
  onFault: (fault: SourceFault) => void,
): Promise<Source | null> {
  const { default: Hls } = await import("hls.js/light");
  if (!Hls.isSupported()) return null;
  let mended = false;
  const hls = new Hls({
    enableWorker: false, // the content security policy allows no worker made from a blob
    startPosition: at_s,
    maxBufferLength: 60,
    backBufferLength: 60,
    abrEwmaDefaultEstimate: 1_000_000,
  });
  hls.on(Hls.Events.ERROR, (_name, data) => {
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.NETWORK_ERROR) {
      onFault({ kind: "network", status: data.response?.code ?? 0 });
    } else if (data.type === Hls.ErrorTypes.MEDIA_ERROR && !mended) {
      mended = true;
      hls.recoverMediaError();
    } else onFault({ kind: "format" });
  });
  hls.loadSource(stream.url);
  hls.attachMedia(audio);
  return { detach: () => hls.destroy() };
}

export async function attach(
  audio: HTMLAudioElement,
  stream: Stream,
  at_s: number,
  onFault: (fault: SourceFault) => void,
): Promise<Source> {
  const isHls = HLS_TYPE.test(stream.content_type);
  const hls = isHls ? await attachHls(audio, stream, at_s, onFault) : null;
  return hls ?? attachDirect(audio, stream, at_s, onFault);
}
