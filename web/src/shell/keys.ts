/** The keyboard's shortcuts: which key does what, and when it is left alone. */
import { audio, go, seek, setVolume, toggle, toggleMute } from "@/player/player";
import { player, playhead } from "@/player/state";
import { openHelp, openPalette } from "./overlays";

const SEEK_S = 5;
const VOLUME_STEP = 0.05;

export const KEYS: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ["/", "Ctrl K"], does: "Go anywhere, find any track" },
  { keys: ["Space"], does: "Play or pause" },
  { keys: ["j"], does: "Next track" },
  { keys: ["k"], does: "Previous track, or back to its start" },
  { keys: ["←", "→"], does: "5 seconds back or ahead" },
  { keys: ["Shift ↑", "Shift ↓"], does: "Louder or quieter" },
  { keys: ["m"], does: "Mute" },
  { keys: ["?"], does: "Show these keys" },
  { keys: ["Esc"], does: "Close what is open" },
];

const WRITING = 'input:not([type="range"]), textarea, select, [contenteditable="true"]';
const OWN_SPACE = 'button, a, summary, [role="slider"], [role^="menuitem"], input';
const OWN_ARROWS = '[role="slider"], [role="menu"], input, select';

/** True when the key was for us. */
function onPlayerKey(event: KeyboardEvent, target: Element): boolean {
  if (!player.get().track) return false;
  const { key } = event;
  if (key === " " && !target.closest(OWN_SPACE)) toggle();
  else if (key === "j") void go(1);
  else if (key === "k") void go(-1);
  else if (key === "m") toggleMute();
  else if (event.shiftKey && key === "ArrowUp") setVolume(audio.volume + VOLUME_STEP);
  else if (event.shiftKey && key === "ArrowDown") setVolume(audio.volume - VOLUME_STEP);
  else if (target.closest(OWN_ARROWS)) return false;
  else if (key === "ArrowLeft") seek(playhead.get().position_s - SEEK_S);
  else if (key === "ArrowRight") seek(playhead.get().position_s + SEEK_S);
  else return false;
  return true;
}

function onKey(event: KeyboardEvent): void {
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") openPalette();
  else if (event.ctrlKey || event.metaKey || event.altKey || target.closest(WRITING)) return;
  else if (event.key === "/") openPalette();
  else if (event.key === "?") openHelp();
  else if (!onPlayerKey(event, target)) return;
  event.preventDefault();
}

export function startKeys(): () => void {
  window.addEventListener("keydown", onKey);
  return () => window.removeEventListener("keydown", onKey);
}
