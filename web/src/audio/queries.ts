/** What the pages of the music read; `live.ts` keeps it fresh. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page } from "@/api/types";
import type { AlbumDetails, ByLink, Lyrics, Play, Quality, Stream, Track, TrackSort, Via, Waveform } from "./types";

const PAGE_SIZE = 100;
/** Nothing is told of albums as they change; what is read of them hardly does. */
const ALBUM_STALE_MS = 600_000;

export interface TrackFilter {
  q: string;
  sort: TrackSort;
  favorite?: boolean;
}

const only = ({ favorite }: TrackFilter) => (favorite === true ? { favorite: "true" } : {});

export const trackPage = (filter: TrackFilter, cursor: string | null, signal?: AbortSignal) =>
  http.get<Page<Track>>("/tracks", {
    query: { limit: PAGE_SIZE, cursor, q: filter.q, sort: filter.sort, ...only(filter) },
    ...(signal ? { signal } : {}),
  });

export const tracksQuery = (filter: TrackFilter) =>
  infiniteQueryOptions({
    queryKey: ["tracks", filter],
    queryFn: ({ pageParam, signal }) => trackPage(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

export const historyQuery = infiniteQueryOptions({
  queryKey: ["history"],
  queryFn: ({ pageParam, signal }) =>
    http.get<Page<Play>>("/history", { query: { limit: PAGE_SIZE, cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
});

export const newestQuery = queryOptions({
  queryKey: ["tracks", "newest"],
  queryFn: ({ signal }) =>
    http.get<Page<Track>>("/tracks", { query: { limit: 12, sort: "-created_at" }, signal }),
});

export const trackQuery = (id: string) =>
  queryOptions({
    queryKey: ["track", id],
    queryFn: ({ signal }) => http.get<Track>(`/tracks/${id}`, { signal }),
  });

export const albumQuery = (id: string) =>
  queryOptions({
    queryKey: ["album", id],
    queryFn: ({ signal }) => http.get<AlbumDetails>(`/albums/${id}`, { signal }),
    staleTime: ALBUM_STALE_MS,
  });

const pathOf = (id: string, via: Via | undefined) =>
  via === undefined ? `/tracks/${id}` : `/playlists/${via.playlistId}/entries/${via.entryId}`;

/** What of a track is asked for behind a link: the token goes in the body, and in no address. */
const behindLink = <T>(id: string, { token }: ByLink, what: string, options: object = {}) =>
  http.post<T>(`/shared/tracks/${id}/${what}`, { token }, { ...options, signedIn: false });

export const waveformQuery = (id: string, via?: Via | ByLink) =>
  queryOptions({
    queryKey: ["waveform", id],
    queryFn: ({ signal }) =>
      via && "token" in via
        ? behindLink<Waveform>(id, via, "waveform", { signal })
        : http.get<Waveform>(`${pathOf(id, via)}/waveform`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const lyricsQuery = (id: string) =>
  queryOptions({
    queryKey: ["lyrics", id],
    queryFn: ({ signal }) => http.get<Lyrics>(`/tracks/${id}/lyrics`, { signal }),
  });

/** Has the renditions of a track in a folder made now; what has them already stays as it is. */
export const prepare = (id: string) => http.post<Track>(`/tracks/${id}/prepare`);

export function streamOf(
  { id, via }: Track,
  quality: Quality,
  signal?: AbortSignal,
): Promise<Stream> {
  const stop = signal ? { signal } : {};
  if (via === undefined || !("token" in via)) {
    return http.get<Stream>(`${pathOf(id, via)}/stream`, { query: { quality }, ...stop });
  }
  const given = quality === "original" && !via.mayDownload ? "high" : quality;
  return behindLink<Stream>(id, via, "stream", { query: { quality: given }, ...stop });
}
