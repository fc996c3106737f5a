/** What the music shows of itself outside its folder. */
import { lazy } from "react";
import type { Face } from "@/shell/face";
import { pickFiles } from "@/uploads/face";
import { UploadButton } from "./UploadButton";
import { startTelling } from "./listening/plays";
import { tracksHearing } from "./live";
import { keys } from "./player/keys";
import { startMediaSession } from "./player/mediaSession";
import { bar } from "./player/PlayerBar";
import { Over } from "./Over";
import { playlistsHearing } from "./playlists/live";
import { outside, pages } from "./routes";
import { search } from "./search";
import { music } from "./taking";

export const audio = {
  name: "audio",
  outside,
  inside: pages,
  rail: [{ to: "/library", icon: "library", label: "Library" }],
  commands: [
    { key: "library", label: "Library", icon: "library", run: "/library" },
    { key: "discover", label: "Discover music", icon: "star", run: "/library/discover" },
    { key: "playlists", label: "Playlists", icon: "playlist", run: "/library/playlists" },
    { key: "feed", label: "Feed of people I follow", icon: "bell", run: "/library/feed" },
    { key: "people", label: "People to follow", icon: "user", run: "/library/people" },
    { key: "shares", label: "Shared links", icon: "link", run: "/library/shares" },
    { key: "history", label: "Listening history", icon: "clock", run: "/library/history" },
    { key: "folders", label: "Music folders", icon: "folder", run: "/library/folders" },
    { key: "duplicates", label: "Duplicates in the library", icon: "copy", run: "/library/duplicates" },
    { key: "playing", label: "Now playing", icon: "play", run: "/playing" },
    { key: "upload", label: "Upload music", icon: "upload", run: () => pickFiles(music) },
  ],
  search,
  keys,
  live: {
    topics: [...tracksHearing.topics, ...playlistsHearing.topics],
    hear: { ...tracksHearing.hear, ...playlistsHearing.hear },
  },
  over: Over,
  figures: {
    tracks: { label: "Tracks", icon: "library" },
    stored_bytes: { label: "Stored", icon: "upload", unit: "bytes" },
  },
  scopes: [
    {
      name: "audio",
      label: "Music",
      reads: "List tracks, play them",
      writes: "Upload, change, delete tracks",
    },
  ],
  apps: lazy(() => import("./apps/Players")),
  taking: music,
  home: { part: lazy(() => import("./home/AudioHome")), actions: UploadButton },
  bar,
  start() {
    startMediaSession();
    startTelling();
  },
} as const satisfies Face;
