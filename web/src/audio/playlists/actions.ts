/** What people do to playlists: at once on the page, and back with a reason where it fails. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import type { Schemas } from "@/api/types";
import { toast } from "@/ui/toasts";
import type { Entry, Playlist, Track } from "../types";
import { behindOf, entriesOf, laidOut, movedTo, placedBehind, type EntryPages } from "./order";
import { entriesQuery, membersQuery, PLAYLISTS, type Member } from "./queries";

const reread = () => queryClient.invalidateQueries({ queryKey: PLAYLISTS });
const trouble = (text: string, error: unknown) =>
  toast({ tone: "trouble", text: `${text} ${sentenceOf(error)}` });

export async function makePlaylist(form: Schemas["PlaylistForm"]): Promise<Playlist> {
  const made = await http.post<Playlist>("/playlists", form);
  await reread();
  return made;
}

export async function editPlaylist(id: string, patch: Schemas["PlaylistPatch"]): Promise<void> {
  await http.patch<Playlist>(`/playlists/${id}`, patch);
  await reread();
}

async function restorePlaylist({ id, name }: Playlist): Promise<void> {
  try {
    await http.post(`/playlists/${id}/restore`);
  } catch (error) {
    trouble(`“${name}” couldn't be brought back.`, error);
  }
  await reread();
}

export async function deletePlaylist(playlist: Playlist): Promise<void> {
  try {
    await http.delete(`/playlists/${playlist.id}`);
  } catch (error) {
    trouble(`“${playlist.name}” is still there.`, error);
    return;
  }
  toast({
    text: `Deleted “${playlist.name}”.`,
    action: { label: "Undo", run: () => void restorePlaylist(playlist) },
  });
  await reread();
}

/** Throws what the server has against it, for the dialog that asked. */
export async function addTracks(playlist: Playlist, tracks: readonly Track[]): Promise<void> {
  const form = { track_ids: tracks.map(({ id }) => id) };
  const { entry_ids } = await http.post<Schemas["Added"]>(`/playlists/${playlist.id}/tracks`, form);
  await reread();
  const [first] = tracks;
  const what = tracks.length === 1 && first ? `“${first.title}”` : `${tracks.length} tracks`;
  toast({
    text: `Added ${what} to “${playlist.name}”.`,
    action: {
      label: "Undo",
      run: () => void http.post(`/playlists/${playlist.id}/entries/remove`, { entry_ids }).then(reread),
    },
  });
}

/** Shows other entries at once; what is returned shows the former ones. */
function show(id: string, change: (entries: Entry[]) => readonly Entry[]): () => void {
  const { queryKey } = entriesQuery(id);
  void queryClient.cancelQueries({ queryKey });
  const before = queryClient.getQueryData<EntryPages>(queryKey);
  if (before) queryClient.setQueryData(queryKey, laidOut(before, change(entriesOf(before))));
  return () => {
    if (before) queryClient.setQueryData(queryKey, before);
  };
}

/** Puts an entry behind another one; whether it stands there now. */
async function putBehind({ id }: Playlist, entryId: string, behind: string | null): Promise<boolean> {
  const back = show(id, (entries) => placedBehind(entries, entryId, behind));
  try {
    await http.post(`/playlists/${id}/entries/${entryId}/move`, { behind_entry_id: behind });
    return true;
  } catch (error) {
    back();
    trouble("The order is as it was.", error);
    return false;
  }
}

/** Puts an entry into another one's place. */
export async function moveEntry(playlist: Playlist, entry: Entry, overId: string): Promise<void> {
  const now = entriesOf(queryClient.getQueryData<EntryPages>(entriesQuery(playlist.id).queryKey));
  const moved = movedTo(now, entry.id, overId);
  if (!moved) return;
  const before = behindOf(now, entry.id);
  if (!(await putBehind(playlist, entry.id, moved.behind))) return;
  toast({
    text: `Moved “${entry.title}”.`,
    action: { label: "Undo", run: () => void putBehind(playlist, entry.id, before) },
  });
}

export async function removeEntry(playlist: Playlist, entry: Entry): Promise<void> {
  const back = show(playlist.id, (entries) => entries.filter(({ id }) => id !== entry.id));
  const form = { entry_ids: [entry.id] };
  try {
    await http.post(`/playlists/${playlist.id}/entries/remove`, form);
  } catch (error) {
    back();
    trouble(`“${entry.title}” is still in it.`, error);
    return;
  }
  toast({
    text: `Took “${entry.title}” out.`,
    action: {
      label: "Undo",
      run: () => void http.post(`/playlists/${playlist.id}/entries/restore`, form).then(reread),
    },
  });
}

export async function rankMember({ id }: Playlist, member: Member, rank: string): Promise<void> {
  try {
    await http.patch(`/playlists/${id}/members/${member.user_id}`, { rank });
  } catch (error) {
    trouble(`The rank of ${member.name} stays.`, error);
  }
  await queryClient.invalidateQueries({ queryKey: membersQuery(id).queryKey });
}

/** Throws what the server has against it, for whoever asked. */
export async function removeMember({ id }: Playlist, userId: string): Promise<void> {
  await http.delete(`/playlists/${id}/members/${userId}`);
  await reread();
}

export async function saveFile(playlist: Playlist, format: "m3u8" | "xspf"): Promise<void> {
  try {
    const blob = await http.blob(`/playlists/${playlist.id}/export`, { query: { format } });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${playlist.name}.${format}`;
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (error) {
    trouble(`“${playlist.name}” couldn't be saved.`, error);
  }
}
