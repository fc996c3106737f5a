/** What the server sends, by name. The API's own description is the truth; nothing else lives here. */

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

export interface Instance {
  name: string;
  version: string;
  setup_required: boolean;
  registration_open: boolean;
  max_upload_bytes: number;
  sentry_dsn: string | null;
}

export interface Tokens {
  access_token: string;
  expires_in: number;
}

export type Role = "user" | "admin";

export interface User {
  id: string;
  email: string;
  name: string;
  role: Role;
  created_at: string;
  disabled?: boolean;
  storage: { used_bytes: number; quota_bytes: number };
  version: number;
}

export type TrackStatus = "processing" | "ready" | "failed";

export interface Track {
  id: string;
  owner_id: string;
  title: string;
  artist: string | null;
  album: string | null;
  album_artist: string | null;
  genre: string | null;
  year: number | null;
  track_number: number | null;
  disc_number: number | null;
  duration_ms: number | null;
  status: TrackStatus;
  error: string | null;
  job_id: string | null;
  filename: string;
  content_type: string;
  size_bytes: number;
  loudness: { integrated_lufs: number; true_peak_dbtp: number; gain_db: number } | null;
  cover: { small: string; large: string } | null;
  created_at: string;
  updated_at: string;
  version: number;
}

export type TrackPatch = Partial<
  Pick<
    Track,
    | "title"
    | "artist"
    | "album"
    | "album_artist"
    | "genre"
    | "year"
    | "track_number"
    | "disc_number"
  >
>;

export type TrackSort = "-created_at" | "created_at" | "title" | "artist" | "album";

export type Quality = "auto" | "low" | "medium" | "high" | "original";

export interface Stream {
  url: string;
  expires_at: string;
  content_type: string;
}

export interface Waveform {
  peaks: [number, number][];
}

export type JobState = "queued" | "running" | "done" | "dead" | "cancelled";

export interface Job {
  id: string;
  kind: string;
  status: JobState;
  progress: { done: number; total: number; message: string };
  attempts: number;
  max_attempts: number;
  error: string | null;
  created_at: string;
  finished_at: string | null;
  subject?: { kind: string; id: string } | null;
}

export interface UploadState {
  id: string;
  filename: string;
  offset: number;
  length: number;
  expires_at: string;
  track_id: string | null;
  job_id: string | null;
}
