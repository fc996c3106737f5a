/** The track that is to be shared, while it is being said how. */
import { createStore } from "@/api/store";
import type { Track } from "../types";

export const sharing = createStore<Track | null>(null);
export const shareTrack = (track: Track) => sharing.set(track);
