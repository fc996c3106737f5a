/** The player's keys: left alone while nothing has played. */
import type { Keys } from "@/shell/face";
import { toggleFavoriteOf } from "../listening/opinions";
import { audio, setVolume, toggleMute } from "./element";
import { go, seek, toggle } from "./player";
import { player, playhead } from "./state";

const SEEK_S = 5;
const VOLUME_STEP = 0.05;
const OWN_SPACE = 'button, a, summary, [role="slider"], [role^="menuitem"], input';
const OWN_ARROWS = '[role="slider"], [role="menu"], input, select';

function press(event: KeyboardEvent, target: Element): boolean {
  const { track } = player.get();
  if (!track) return false;
  const { key } = event;
  if (key === " " && !target.closest(OWN_SPACE)) toggle();
  else if (key === "j") void go(1);
  else if (key === "k") void go(-1);
  else if (key === "m") toggleMute();
  else if (key === "f") void toggleFavoriteOf(track);
  else if (event.shiftKey && key === "ArrowUp") setVolume(audio.volume + VOLUME_STEP);
  else if (event.shiftKey && key === "ArrowDown") setVolume(audio.volume - VOLUME_STEP);
  else if (target.closest(OWN_ARROWS)) return false;
  else if (key === "ArrowLeft") seek(playhead.get().position_s - SEEK_S);
  else if (key === "ArrowRight") seek(playhead.get().position_s + SEEK_S);
  else return false;
  return true;
}

export const keys: Keys = {
  help: [
    { keys: ["Space"], does: "Play or pause" },
    { keys: ["j"], does: "Next track" },
    { keys: ["k"], does: "Previous track, or back to its start" },
    { keys: ["←", "→"], does: "5 seconds back or ahead" },
    { keys: ["Shift ↑", "Shift ↓"], does: "Louder or quieter" },
    { keys: ["m"], does: "Mute" },
    { keys: ["f"], does: "Make what plays a favourite, or no longer" },
  ],
  press,
};
