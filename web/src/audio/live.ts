/** Events about tracks poured into the query cache, so that every page shows what is true now. */
import type { InfiniteData } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import { gathered } from "@/api/gathered";
import { refreshAccount, type Hearing } from "@/api/live";
import type { Page } from "@/api/types";
import { DISCOVER, SIMILAR } from "./discover/queries";
import { DUPLICATES } from "./duplicates/queries";
import { FOLDERS, scansQuery, type MusicScan } from "./folders/queries";
import { lyricsQuery, trackQuery } from "./queries";
import type { Track } from "./types";

type TrackPages = InfiniteData<Page<Track>, string | null>;

interface TrackEvent {
  id: string;
  action: "created" | "updated" | "deleted" | "restored";
}

const MOST_SINGLE_READS = 2;
/** A longer list than this isn't read again under the reader's eyes. */
const MOST_PAGES_AGAIN = 3;

const isShort = (data: unknown) =>
  (data as Partial<TrackPages> | undefined)?.pages === undefined ||
  (data as TrackPages).pages.length <= MOST_PAGES_AGAIN;

function refreshLists(): void {
  void queryClient.invalidateQueries({
    queryKey: ["tracks"],
    predicate: (query) => isShort(query.state.data),
  });
}

const changed = new Set<string>();
let listsToo = false;

/** Read again when somebody comes back to them, and not under the reader's eyes. */
function outdateRecommended(): void {
  for (const queryKey of [DISCOVER, SIMILAR]) {
    void queryClient.invalidateQueries({ queryKey, refetchType: "none" });
  }
}

const refreshTracks = gathered(() => {
  const ids = [...changed];
  const lists = listsToo || ids.length > MOST_SINGLE_READS;
  changed.clear();
  listsToo = false;
  outdateRecommended();
  if (lists) refreshLists();
  else for (const id of ids) void readAgain(id);
  for (const id of ids) {
    if (lists) void queryClient.invalidateQueries({ queryKey: trackQuery(id).queryKey });
  }
});

async function readAgain(id: string): Promise<void> {
  try {
    const track = await queryClient.query({ ...trackQuery(id), staleTime: 0 });
    patchTrack(id, () => track);
  } catch {
    // Gone in the meantime, or no connection.
    refreshLists();
  }
}

/** Changes one track wherever it is shown; null takes it out of the lists. */
export function patchTrack(id: string, change: (track: Track) => Track | null): void {
  const patch = (items: Track[]) =>
    items.flatMap((track) => {
      if (track.id !== id) return [track];
      const next = change(track);
      return next === null ? [] : [next];
    });
  queryClient.setQueriesData<TrackPages | Page<Track>>({ queryKey: ["tracks"] }, (data) => {
    if (data === undefined) return data;
    if ("pages" in data) {
      return { ...data, pages: data.pages.map((page) => ({ ...page, items: patch(page.items) })) };
    }
    return { ...data, items: patch(data.items) };
  });
  queryClient.setQueryData<Track>(trackQuery(id).queryKey, (track) =>
    track === undefined ? track : (change(track) ?? track),
  );
}

function onTrack({ id, action }: TrackEvent): void {
  refreshAccount();
  if (action === "deleted") {
    patchTrack(id, () => null);
    return;
  }
  changed.add(id);
  if (action !== "updated") void queryClient.invalidateQueries({ queryKey: DUPLICATES });
  void queryClient.invalidateQueries({ queryKey: lyricsQuery(id).queryKey });
  listsToo ||= action !== "updated";
  refreshTracks();
}

type ScanEvent = Omit<
  MusicScan,
  "path" | "folder_id" | "job_id" | "waiting" | "error" | "created_at" | "finished_at"
>;

const refreshFolders = gathered(() => {
  void queryClient.invalidateQueries({ queryKey: FOLDERS });
  refreshAccount();
  refreshLists();
  outdateRecommended();
});

function onScan(event: ScanEvent): void {
  let before: MusicScan["state"] | undefined;
  queryClient.setQueryData<Page<MusicScan>>(scansQuery.queryKey, (page) => {
    if (page === undefined) return page;
    const items = page.items.map((scan) => {
      if (scan.id !== event.id) return scan;
      before = scan.state;
      return { ...scan, ...event, waiting: Math.max(event.total - event.done, 0) };
    });
    return { ...page, items };
  });
  if (before !== event.state) refreshFolders();
}

export const tracksHearing: Hearing = {
  topics: ["tracks"],
  hear: { track: onTrack, "music-scan": onScan },
};
