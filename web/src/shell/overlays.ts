/** Which of the shell's own dialogs is open: the palette, the keys, or none. */
import { createStore } from "@/api/store";

export const overlay = createStore<"palette" | "keys" | null>(null);

export const openPalette = () => overlay.set("palette");
export const openHelp = () => overlay.set("keys");
export const closeOverlay = () => overlay.set(null);
