/** What the player shows: track, status, fault, settings; and, apart since it changes often, time. */
import { recall, remember } from "@/api/storage";
import { createStore } from "@/api/store";
import type { Quality, Track } from "../types";
import { emptyQueue, type Queue } from "./queue";

/** By what tracks are brought to the same loudness. */
export type Levelling = "off" | "track" | "album";

export interface Fault {
  text: string;
  /** The button that helps: the same again, or another quality. */
  remedy: "retry" | "other-quality";
}

export interface PlayerState {
  track: Track | null;
  status: "idle" | "loading" | "playing" | "paused" | "failed";
  fault: Fault | null;
  queue: Queue;
  quality: Quality;
  levelling: Levelling;
  volume: number;
  muted: boolean;
}

export interface Playhead {
  position_s: number;
  duration_s: number;
  bufferedTo_s: number;
}

export const QUALITIES: readonly { value: Quality; name: string; detail: string }[] = [
  { value: "auto", name: "Automatic", detail: "Follows your connection" },
  { value: "low", name: "Low", detail: "64 kbit/s AAC" },
  { value: "medium", name: "Medium", detail: "128 kbit/s AAC" },
  { value: "high", name: "High", detail: "320 kbit/s AAC" },
  { value: "original", name: "Original", detail: "The file as it was uploaded" },
];

function storedQuality(): Quality {
  const stored = recall("quality");
  return QUALITIES.find((quality) => quality.value === stored)?.value ?? "auto";
}

export const LEVELLINGS: readonly { value: Levelling; name: string; detail: string }[] = [
  { value: "off", name: "As recorded", detail: "Each track as loud as it is" },
  { value: "track", name: "By track", detail: "All tracks equally loud" },
  { value: "album", name: "By album", detail: "Albums equally loud, quiet tracks stay quiet" },
];

function storedLevelling(): Levelling {
  const stored = recall("levelling");
  return LEVELLINGS.find(({ value }) => value === stored)?.value ?? "off";
}

function storedVolume(): number {
  const stored = Number(recall("volume") ?? "1");
  return stored >= 0 && stored <= 1 ? stored : 1;
}

export const nothing: Playhead = { position_s: 0, duration_s: 0, bufferedTo_s: 0 };

export const playhead = createStore<Playhead>(nothing);

export const player = createStore<PlayerState>({
  track: null,
  status: "idle",
  fault: null,
  queue: emptyQueue,
  quality: storedQuality(),
  levelling: storedLevelling(),
  volume: storedVolume(),
  muted: false,
});

export function change(part: Partial<PlayerState>): void {
  player.set({ ...player.get(), ...part });
  if (part.quality !== undefined) remember("quality", part.quality);
  if (part.levelling !== undefined) remember("levelling", part.levelling);
  if (part.volume !== undefined) remember("volume", String(part.volume));
}
