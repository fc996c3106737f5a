/** The one audio element that everything sounds through, and how loud. */
import { change, player } from "./state";

export const audio = new Audio();
audio.preload = "auto";
// Without it, media that storage serves from elsewhere would sound as silence behind the meter.
audio.crossOrigin = "anonymous";
audio.volume = player.get().volume;

export function setVolume(volume: number): void {
  audio.volume = Math.min(Math.max(volume, 0), 1);
  audio.muted = false;
  change({ volume: audio.volume, muted: false });
}

export function toggleMute(): void {
  audio.muted = !audio.muted;
  change({ muted: audio.muted });
}
