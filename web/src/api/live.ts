/** Live events poured into the query cache, so that every page shows what is true now. */
import type { InfiniteData } from "@tanstack/react-query";
import { queryClient } from "./client";
import { onBack } from "./connection";
import { follow, onLive, type LiveEvent } from "./events";
import { jobQuery, trackQuery } from "./queries";
import { session } from "./session";
import type { Job, Page, Track } from "./types";

type TrackPages = InfiniteData<Page<Track>, string | null>;

/** Events come in bursts (a folder is uploaded); reads are bounded, since each user's are. */
const GATHER_MS = 800;
const APART_MS = 5_000;
const ACCOUNT_GATHER_MS = 10_000;
const MOST_SINGLE_READS = 2;
/** A longer list than this isn't read again under the reader's eyes. */
const MOST_PAGES_AGAIN = 3;

/** Runs soon after the first of a burst of calls, then at most every `APART_MS` while it lasts. */
function gathered(run: () => void, wait_ms: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ran_ms = -APART_MS;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      ran_ms = performance.now();
      run();
    }, Math.max(wait_ms, ran_ms + APART_MS - performance.now()));
  };
}

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

const refreshTracks = gathered(() => {
  const ids = [...changed];
  const lists = listsToo || ids.length > MOST_SINGLE_READS;
  changed.clear();
  listsToo = false;
  if (lists) refreshLists();
  else for (const id of ids) void readAgain(id);
  for (const id of ids) {
    if (lists) void queryClient.invalidateQueries({ queryKey: trackQuery(id).queryKey });
  }
}, GATHER_MS);

const refreshAccount = gathered(
  () => void queryClient.invalidateQueries({ queryKey: ["me"] }),
  ACCOUNT_GATHER_MS,
);

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

const refreshJobs = gathered(
  () => void queryClient.invalidateQueries({ queryKey: ["admin", "jobs"] }),
  GATHER_MS,
);

function onJob(job: Job): void {
  queryClient.setQueryData(jobQuery(job.id).queryKey, job);
  if (job.status !== "running") refreshJobs();
}

function onTrack(id: string, action: string): void {
  refreshAccount();
  if (action === "deleted") {
    patchTrack(id, () => null);
    return;
  }
  changed.add(id);
  listsToo ||= action !== "updated";
  refreshTracks();
}

function onEvent(event: LiveEvent): void {
  if (event.name === "job") onJob(event.data);
  else if (event.name === "track") onTrack(event.data.id, event.data.action);
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
