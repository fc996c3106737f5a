/** Tracks and what is made of them, as the server sends them. */
import type { Schemas } from "@/api/types";

/** Where somebody else's track is heard: in a playlist that they share. */
export interface Via {
  playlistId: string;
  entryId: string;
}

/** Where a visitor hears a track: behind the link of a share. */
export interface ByLink {
  token: string;
  mayDownload: boolean;
}

export type Track = Schemas["Track"] & { via?: Via | ByLink };
export type AlbumDetails = Schemas["AlbumDetails"];
export type Playlist = Schemas["Playlist"];
export type Share = Schemas["Share"];
export type Entry = Schemas["Entry"];
export type TrackPatch = Schemas["TrackPatch"];
export type Loudness = Schemas["Loudness"];
export type Stream = Schemas["StreamLink"];
export type Lyrics = Schemas["Lyrics"];
export type LyricsLine = Schemas["Line"];
export type Waveform = Schemas["Waveform"];

export type Play = Schemas["Play"];

export type TrackSort =
  | "-created_at"
  | "created_at"
  | "title"
  | "artist"
  | "album"
  | "-favorite_at"
  | "-rating"
  | "-play_count"
  | "-last_played_at";
export type Quality = "auto" | "low" | "medium" | "high" | "original";
