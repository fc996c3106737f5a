/** The map of a history, as the server sends it. */
import type { Schemas } from "@/api/types";

export type HistoryMap = Schemas["Map"];
export type MapPoint = Schemas["Point"];
export type Tiles = Schemas["Tiles"];
