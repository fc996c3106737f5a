/** Saving music on one's own disk: a file, an album, a playlist. The browser fetches it by itself. */
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { bytes } from "@/ui/format";
import { toast } from "@/ui/toasts";
import type { Schemas } from "@/api/types";
import { streamOf } from "./queries";
import type { Playlist, Track } from "./types";

type Download = Schemas["Download"];

function fetchInBackground(url: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = "";
  link.click();
}

const trouble = (name: string, error: unknown) =>
  toast({ tone: "trouble", text: `“${name}” can't be downloaded. ${sentenceOf(error)}` });

export async function downloadTrack(track: Track): Promise<void> {
  try {
    const { url } = await streamOf(track, "original");
    fetchInBackground(url);
  } catch (error) {
    trouble(track.title, error);
  }
}

async function downloadZip(path: string, name: string): Promise<void> {
  try {
    const { url, track_count, left_out, size_bytes } = await http.get<Download>(path);
    fetchInBackground(url);
    const files = track_count === 1 ? "1 track" : `${track_count} tracks`;
    const rest = left_out === 0 ? "" : ` ${left_out} are left out: their files aren't there.`;
    toast({ text: `“${name}” comes as a ZIP: ${files}, ${bytes(size_bytes)}.${rest}` });
  } catch (error) {
    trouble(name, error);
  }
}

export const downloadAlbum = ({ album, album_id }: Track) =>
  downloadZip(`/albums/${album_id}/download`, album);

export const downloadPlaylist = ({ id, name }: Playlist) =>
  downloadZip(`/playlists/${id}/download`, name);
