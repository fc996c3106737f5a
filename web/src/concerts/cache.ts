/** One photo changed wherever it is shown, before or after the server has said so. */
import type { InfiniteData } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import type { Page } from "@/api/types";
import { LISTS, photoQuery, photosQuery, SCANS } from "./queries";
import type { Photo, PhotoItem, PhotoPage, Scan } from "./types";

type Pages = InfiniteData<PhotoPage, string | null>;
type ScanPages = InfiniteData<Page<Scan>, string | null>;

/** A longer list than this isn't read again under the reader's eyes. */
const MOST_PAGES_AGAIN = 3;

/** Changes a photo in all lists; null takes it out. */
export function patchPhoto(id: string, change: (photo: PhotoItem) => PhotoItem | null): void {
  queryClient.setQueriesData<Pages>({ queryKey: LISTS }, (data) => {
    if (data === undefined) return data;
    const pages = data.pages.map((page) => ({
      ...page,
      items: page.items.flatMap((photo) => {
        if (photo.id !== id) return [photo];
        const next = change(photo);
        return next === null ? [] : [next];
      }),
    }));
    return { ...data, pages };
  });
}

/** Takes photos out of the list of a concert's. */
export function takeOut(concert: string, ids: readonly string[] | "all"): void {
  const gone = ids === "all" ? null : new Set(ids);
  queryClient.setQueryData<Pages>(photosQuery({ concert }).queryKey, (data) => {
    if (data === undefined) return data;
    const stay = ({ id }: PhotoItem) => gone?.has(id) === false;
    const pages = data.pages.map((page) => ({ ...page, items: page.items.filter(stay) }));
    return { ...data, pages };
  });
}

/** What the server answered, for its own page and in the lists. */
export function keepPhoto(photo: Photo): void {
  queryClient.setQueryData<Photo>(photoQuery(photo.id).queryKey, photo);
  const { starred, alt_text, taken_at, location, status, version } = photo;
  patchPhoto(photo.id, (item) => ({
    ...item,
    starred,
    alt_text,
    taken_at,
    location,
    status,
    version,
  }));
}

/** Reads lists again, but for those that somebody has scrolled far through. */
export function rereadLists(): void {
  void queryClient.invalidateQueries({
    queryKey: ["photos"],
    predicate: ({ state }) => {
      const data = state.data as Partial<Pages> | undefined;
      return data?.pages === undefined || data.pages.length <= MOST_PAGES_AGAIN;
    },
  });
}

/** Changes what is shown of a scan; false where it isn't shown. */
export function patchScan(id: string, change: (scan: Scan) => Scan): boolean {
  let found = false;
  queryClient.setQueriesData<ScanPages>({ queryKey: [...SCANS, "list"] }, (data) => {
    if (data === undefined) return data;
    const pages = data.pages.map((page) => ({
      ...page,
      items: page.items.map((scan) => {
        if (scan.id !== id) return scan;
        found = true;
        return change(scan);
      }),
    }));
    return { ...data, pages };
  });
  return found;
}
