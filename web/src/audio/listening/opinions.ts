/** What people think of their tracks: told at once on the page, taken back with a reason if it fails. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { inTurn } from "@/api/turns";
import { toast } from "@/ui/toasts";
import { patchTrack } from "../live";
import { trackQuery } from "../queries";
import type { Track } from "../types";

export async function toggleFavorite(track: Track): Promise<void> {
  const { id, title, favorite_at: before } = track;
  const favorite_at = before === null ? new Date().toISOString() : null;
  patchTrack(id, (shown) => ({ ...shown, favorite_at }));
  try {
    await inTurn(`favorite:${id}`, () =>
      favorite_at === null ? http.delete(`/favorites/${id}`) : http.put<undefined>(`/favorites/${id}`, undefined),
    );
  } catch (error) {
    patchTrack(id, (shown) => ({ ...shown, favorite_at: before }));
    const state = before === null ? "isn't a favourite" : "is still a favourite";
    toast({ tone: "trouble", text: `“${title}” ${state}. ${sentenceOf(error)}` });
  }
}

/** By its id alone, for what is playing: whether it is a favourite may have changed since. */
export async function toggleFavoriteOf(track: Track): Promise<void> {
  if (track.via !== undefined) return;
  const known = queryClient.getQueryData<Track>(trackQuery(track.id).queryKey);
  await toggleFavorite(known ?? track);
}

export async function rate(track: Track, rating: number | null): Promise<void> {
  const { id, title, rating: before } = track;
  patchTrack(id, (shown) => ({ ...shown, rating }));
  try {
    await inTurn(`rating:${id}`, () => http.put(`/tracks/${id}/rating`, { rating }));
  } catch (error) {
    patchTrack(id, (shown) => ({ ...shown, rating: before }));
    toast({ tone: "trouble", text: `“${title}” keeps its rating. ${sentenceOf(error)}` });
  }
}
