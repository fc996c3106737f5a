/** What people do to tracks: each answers at once on the page and rolls back with a reason. */
import { toast } from "@/ui/toasts";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { patchTrack } from "./live";
import { sentenceOf } from "@/api/problem";
import { lyricsQuery, trackQuery } from "./queries";
import type { Lyrics, Track, TrackPatch } from "./types";

const reread = () => queryClient.invalidateQueries({ queryKey: ["tracks"] });

async function restoreTrack(track: Track): Promise<void> {
  try {
    await http.post<Track>(`/tracks/${track.id}/restore`);
  } catch (error) {
    toast({ tone: "trouble", text: `“${track.title}” couldn't be brought back. ${sentenceOf(error)}` });
  }
  await reread();
  await queryClient.invalidateQueries({ queryKey: trackQuery(track.id).queryKey });
}

export async function deleteTrack(track: Track): Promise<void> {
  patchTrack(track.id, () => null);
  try {
    await http.delete(`/tracks/${track.id}`);
  } catch (error) {
    toast({ tone: "trouble", text: `“${track.title}” is still there. ${sentenceOf(error)}` });
    await reread();
    return;
  }
  toast({
    text: `Deleted “${track.title}”.`,
    action: { label: "Undo", run: () => void restoreTrack(track) },
  });
}

export async function retryTrack(track: Track): Promise<void> {
  try {
    const next = await http.post<Track>(`/tracks/${track.id}/retry`);
    patchTrack(track.id, () => next);
  } catch (error) {
    toast({ tone: "trouble", text: `“${track.title}” can't be tried again. ${sentenceOf(error)}` });
  }
}

export async function editTrack(id: string, patch: TrackPatch): Promise<void> {
  const next = await http.patch<Track>(`/tracks/${id}`, patch);
  patchTrack(id, () => next);
  await reread();
}

export async function writeLyrics(id: string, text: string): Promise<void> {
  const next = await http.put<Lyrics>(`/tracks/${id}/lyrics`, { text });
  queryClient.setQueryData(lyricsQuery(id).queryKey, next);
}
