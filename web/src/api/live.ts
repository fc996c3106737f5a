/** Live events poured into the query cache, so that every page shows what is true now. */
import type { InfiniteData } from "@tanstack/react-query";
import { queryClient } from "./client";
import { onBack } from "./connection";
import { follow, onLive, type LiveEvent } from "./events";
import { jobQuery, trackQuery } from "./queries";
import { session } from "./session";
import type { Job, Page, Track } from "./types";

type TrackPages = InfiniteData<Page<Track>, string | null>;

const GATHER_MS = 250;
let gathering: ReturnType<typeof setTimeout> | undefined;

/** Lists are read again once for a burst of events, not once for each. */
function refreshLists(): void {
  gathering ??= setTimeout(() => {
    gathering = undefined;
    void queryClient.invalidateQueries({ queryKey: ["tracks"] });
    void queryClient.invalidateQueries({ queryKey: ["me"] });
  }, GATHER_MS);
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

function onJob(job: Job): void {
  queryClient.setQueryData(jobQuery(job.id).queryKey, job);
  if (job.status === "running") return;
  void queryClient.invalidateQueries({ queryKey: ["admin", "jobs"] });
}

async function onTrack(id: string, action: string): Promise<void> {
  if (action === "deleted") patchTrack(id, () => null);
  if (action === "updated") {
    try {
      const track = await queryClient.query({ ...trackQuery(id), staleTime: 0 });
      patchTrack(id, () => track);
      return;
    } catch {
      // Gone in the meantime, or no connection: the lists will tell.
    }
  }
  refreshLists();
}

function onEvent(event: LiveEvent): void {
  if (event.name === "job") onJob(event.data);
  else if (event.name === "track") void onTrack(event.data.id, event.data.action);
  else if (event.name === "reset") void queryClient.invalidateQueries();
}

/** Follows events while somebody is signed in; forgets everything when nobody is. */
export function startLive(): void {
  let stop: (() => void) | null = null;
  const adapt = () => {
    const { state } = session.get();
    if (state === "in") stop ??= follow();
    else {
      stop?.();
      stop = null;
      if (state === "out") queryClient.clear();
    }
  };
  onLive(onEvent);
  onBack(() => void queryClient.invalidateQueries());
  session.subscribe(adapt);
  adapt();
}
