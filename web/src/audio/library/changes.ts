/** What an edited form changes in a track: only the fields that differ. */
import type { Track, TrackPatch } from "../types";

export const TEXT_FIELDS = [
  { name: "title", label: "Title" },
  { name: "artist", label: "Artist" },
  { name: "album", label: "Album" },
  { name: "album_artist", label: "Album artist" },
  { name: "genre", label: "Genre" },
] as const;

export const NUMBER_FIELDS = [
  { name: "year", label: "Year", most: 9999 },
  { name: "track_number", label: "Track", most: 9999 },
  { name: "disc_number", label: "Disc", most: 999 },
] as const;

export function changesOf(track: Track, values: Readonly<Record<string, string>>): TrackPatch {
  const changes: TrackPatch = {};
  for (const { name } of TEXT_FIELDS) {
    const value = (values[name] ?? "").trim();
    if (value !== track[name]) changes[name] = value;
  }
  for (const { name } of NUMBER_FIELDS) {
    const text = (values[name] ?? "").trim();
    const value = text === "" ? null : Number(text);
    if (value !== track[name]) changes[name] = value;
  }
  return changes;
}
