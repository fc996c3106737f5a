/** How much louder or quieter a track is played, so that one is as loud as another: ReplayGain 2. */
import { queryClient } from "@/api/client";
import { albumQuery } from "../queries";
import type { Track } from "../types";
import { amplify } from "./analyser";
import { change, player, type Levelling } from "./state";

const albumId = ({ album_id, via }: Track) => (via === undefined ? album_id : null);

/** In dB. Never so loud that the highest peak would be cut; 0 where nothing was measured. */
export function gainDb(
  { loudness }: Pick<Track, "loudness">,
  levelling: Levelling,
  album_db: number | null,
): number {
  const own_db = loudness?.gain_db ?? null;
  if (levelling === "off" || own_db === null) return 0;
  const wanted_db = (levelling === "album" ? album_db : null) ?? own_db;
  return Math.min(wanted_db, -(loudness?.true_peak_dbtp ?? 0));
}

/** Finds out before a track plays what its level depends on. Without that it is levelled by itself. */
export async function readyLevel(track: Track): Promise<void> {
  const id = albumId(track);
  if (player.get().levelling !== "album" || id === null) return;
  await queryClient.query(albumQuery(id)).catch(() => undefined);
}

/** What the signal is multiplied by. */
export function factorOf(track: Track): number {
  const id = albumId(track);
  const found = id === null ? undefined : queryClient.getQueryData(albumQuery(id).queryKey);
  return 10 ** (gainDb(track, player.get().levelling, found?.album.gain_db ?? null) / 20);
}

export async function setLevelling(levelling: Levelling): Promise<void> {
  change({ levelling });
  const { track } = player.get();
  if (!track) return;
  await readyLevel(track);
  if (player.get().track === track) amplify(factorOf(track));
}
