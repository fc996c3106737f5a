/** The system's own media keys and lock screen: what plays, and its buttons. */
import { go, pause, resume, seek } from "./player";
import { player, playhead } from "./state";

const SKIP_S = 10;

function show(): void {
  const { track, status } = player.get();
  navigator.mediaSession.playbackState =
    track === null ? "none" : status === "playing" || status === "loading" ? "playing" : "paused";
  if (track === null) {
    navigator.mediaSession.metadata = null;
    return;
  }
  const { title, artist, album, cover } = track;
  const artwork = cover ? [{ src: cover.large, sizes: "640x640", type: "image/webp" }] : [];
  navigator.mediaSession.metadata = new MediaMetadata({
    title,
    artist,
    album,
    artwork,
  });
}

function showPosition(): void {
  const { position_s, duration_s } = playhead.get();
  if (duration_s <= 0 || position_s > duration_s) return;
  navigator.mediaSession.setPositionState({ duration: duration_s, position: position_s });
}

export function startMediaSession(): void {
  if (!("mediaSession" in navigator)) return;
  const handlers: [MediaSessionAction, MediaSessionActionHandler][] = [
    ["play", () => resume()],
    ["pause", () => pause()],
    ["previoustrack", () => void go(-1)],
    ["nexttrack", () => void go(1)],
    ["seekto", ({ seekTime }) => seek(seekTime ?? 0)],
    ["seekforward", () => seek(playhead.get().position_s + SKIP_S)],
    ["seekbackward", () => seek(playhead.get().position_s - SKIP_S)],
  ];
  for (const [action, handler] of handlers) {
    try {
      navigator.mediaSession.setActionHandler(action, handler);
    } catch {
      // This browser doesn't know the action.
    }
  }
  player.subscribe(show);
  playhead.subscribe(showPosition);
}
