/** Events about concerts, photos and scans poured into the query cache, so that pages show what is true now. */
import { queryClient } from "@/api/client";
import { gathered } from "@/api/gathered";
import { refreshAccount, type Hearing } from "@/api/live";
import { patchPhoto, patchScan, rereadLists } from "./cache";
import { exportsQuery } from "./exports/queries";
import { IMPORTS } from "./imports/queries";
import { patchConcert, reread } from "./history/cache";
import { driveQuery } from "./drive/queries";
import { concertQuery } from "./history/queries";
import { photoQuery, SCANS } from "./queries";
import { matchingQuery, REVIEWS } from "./review/queries";
import type { Scan } from "./types";

interface PhotoEvent {
  /** None: too many to name. */
  ids: string[];
  action: "created" | "updated" | "deleted" | "restored";
}

type ScanEvent = Pick<
  Scan,
  "id" | "state" | "found" | "total" | "done" | "added" | "known" | "failed" | "rate_per_s"
>;

const refreshDrive = gathered(
  () => void queryClient.invalidateQueries({ queryKey: driveQuery.queryKey }),
);
const refreshLists = gathered(rereadLists);
const refreshScans = gathered(() => void queryClient.invalidateQueries({ queryKey: SCANS }));

function onPhoto({ ids, action }: PhotoEvent): void {
  refreshAccount();
  for (const id of ids) {
    if (action === "deleted") patchPhoto(id, () => null);
    else void queryClient.invalidateQueries({ queryKey: photoQuery(id).queryKey });
  }
  if (ids.length === 0) void queryClient.invalidateQueries({ queryKey: ["photo"] });
  refreshLists();
}

function onScan(event: ScanEvent): void {
  let before: Scan["state"] | undefined;
  const shown = patchScan(event.id, (scan) => {
    before = scan.state;
    return { ...scan, ...event, waiting: Math.max(event.total - event.done, 0) };
  });
  if (!shown || before !== event.state) refreshScans();
}

interface ConcertEvent {
  /** None: too many to name. */
  ids: string[];
  action: "created" | "updated" | "deleted" | "restored";
}

const refreshReviews = gathered(
  () => void queryClient.invalidateQueries({ queryKey: REVIEWS }),
);
const refreshMatching = gathered(
  () => void queryClient.invalidateQueries({ queryKey: matchingQuery.queryKey }),
);
const refreshHistory = gathered(() => void reread());

function onConcert({ ids, action }: ConcertEvent): void {
  refreshAccount();
  for (const id of ids) {
    if (action === "deleted") patchConcert(id, () => null);
    void queryClient.invalidateQueries({ queryKey: concertQuery(id).queryKey });
  }
  if (ids.length === 0) void queryClient.invalidateQueries({ queryKey: ["concert"] });
  refreshHistory();
  refreshLists();
}

const refreshExports = gathered(
  () => void queryClient.invalidateQueries({ queryKey: exportsQuery.queryKey }),
);

const refreshImports = gathered(
  () => void queryClient.invalidateQueries({ queryKey: IMPORTS }),
);

export const concertsHearing: Hearing = {
  topics: ["photos", "concerts"],
  hear: {
    photo: onPhoto,
    scan: onScan,
    drive: refreshDrive,
    concert: onConcert,
    review: refreshReviews,
    matching: refreshMatching,
    "concert-export": refreshExports,
    "concert-import": refreshImports,
  },
};
