/** Who a track is by, in words, where its file may not say. */
import type { Track } from "@/api/types";

export const byline = ({ artist }: Track) => artist || "Unknown artist";
