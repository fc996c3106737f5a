/** A track behind a link as the player takes it: what a visitor isn't told of it is left empty. */
import type { Schemas } from "@/api/types";
import type { ByLink, Track } from "../types";

export type SharedTrack = Schemas["SharedTrack"];

const UNKNOWN: Omit<Track, keyof SharedTrack | "status" | "via"> = {
  owner_id: "",
  album_artist: "",
  genre: "",
  year: null,
  track_number: null,
  disc_number: null,
  error: null,
  job_id: null,
  filename: "",
  content_type: "",
  size_bytes: 0,
  loudness: null,
  warnings: [],
  musicbrainz_id: null,
  album_id: null,
  artists: [],
  folder_id: null,
  has_renditions: true,
  created_at: "",
  updated_at: "",
  version: 0,
  favorite_at: null,
  rating: null,
  play_count: 0,
  last_played_at: null,
};

export function asTrack({ is_ready, ...said }: SharedTrack, via: ByLink): Track {
  return { ...UNKNOWN, ...said, status: is_ready ? "ready" : "processing", via };
}
