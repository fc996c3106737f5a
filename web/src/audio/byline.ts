/** Who a track is by, in words, where its file may not say. */
import type { Track } from "./types";

export const byline = ({ artist }: Track) => artist || "Unknown artist";
