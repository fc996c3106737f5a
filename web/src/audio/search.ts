/** Tracks in the palette: found by name, played by a press. */
import type { Page } from "@/api/types";
import { searching } from "@/shell/face";
import { byline } from "./byline";
import { playTrack } from "./player/player";
import { trackPage } from "./queries";
import type { Track } from "./types";

const MOST_SHOWN = 8;

export const search = searching<Page<Track>>({
  what: "track",
  key: (text) => ["tracks", "palette", text],
  read: (q, signal) => trackPage({ q, sort: "title" }, null, signal),
  commands: ({ items }) => {
    const ready = items.filter(({ status }) => status === "ready");
    return ready.slice(0, MOST_SHOWN).map((track) => ({
      key: track.id,
      label: track.title,
      detail: byline(track),
      icon: "play",
      run: () => playTrack(track, ready),
    }));
  },
});
