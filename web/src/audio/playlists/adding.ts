/** The tracks that are to be added to a playlist, while it is being chosen. */
import { createStore } from "@/api/store";
import type { Track } from "../types";

export const adding = createStore<readonly Track[]>([]);
