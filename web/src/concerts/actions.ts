/** What people do to photos and scans: it shows at once, and is undone with a reason if it fails. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { inTurn } from "@/api/turns";
import { toast } from "@/ui/toasts";
import { keepPhoto, patchPhoto, rereadLists } from "./cache";
import { photoQuery, SCANS } from "./queries";
import type { Photo, PhotoItem, PhotoPatch, Scan } from "./types";
import { photoName } from "./words";

type Named = Pick<PhotoItem, "id" | "alt_text" | "filename">;

export async function setStar(photo: PhotoItem | Photo, starred: boolean): Promise<void> {
  patchPhoto(photo.id, (item) => ({ ...item, starred }));
  const { queryKey } = photoQuery(photo.id);
  queryClient.setQueryData<Photo>(queryKey, (each) => each && { ...each, starred });
  try {
    const send = () => http.patch<Photo>(`/photos/${photo.id}`, { starred });
    keepPhoto(await inTurn(`star:${photo.id}`, send));
  } catch (error) {
    patchPhoto(photo.id, (item) => ({ ...item, starred: !starred }));
    queryClient.setQueryData<Photo>(queryKey, (each) => each && { ...each, starred: !starred });
    toast({ tone: "trouble", text: `“${photoName(photo)}” is as it was. ${sentenceOf(error)}` });
  }
}

/** Throws what the server has against it, for the form that asked. */
export async function editPhoto(id: string, patch: PhotoPatch): Promise<void> {
  keepPhoto(await http.patch<Photo>(`/photos/${id}`, patch));
  rereadLists();
}

export async function deletePhoto(photo: Named): Promise<void> {
  patchPhoto(photo.id, () => null);
  try {
    await http.delete(`/photos/${photo.id}`);
  } catch (error) {
    toast({ tone: "trouble", text: `“${photoName(photo)}” is still there. ${sentenceOf(error)}` });
    rereadLists();
    return;
  }
  toast({
    text: `Deleted “${photoName(photo)}”.`,
    action: { label: "Undo", run: () => void restorePhoto(photo) },
  });
}

async function restorePhoto(photo: Named): Promise<void> {
  try {
    keepPhoto(await http.post<Photo>(`/photos/${photo.id}/restore`));
  } catch (error) {
    toast({ tone: "trouble", text: `“${photoName(photo)}” is gone. ${sentenceOf(error)}` });
  }
  rereadLists();
}

export async function retryPhoto(photo: Named): Promise<void> {
  try {
    keepPhoto(await http.post<Photo>(`/photos/${photo.id}/retry`));
  } catch (error) {
    toast({ tone: "trouble", text: sentenceOf(error) });
  }
}

/** Throws what the server has against it, for the form that asked. */
export async function startScan(path: string): Promise<void> {
  await http.post<Scan>("/scans", { source: { kind: "folder", path } });
  await queryClient.invalidateQueries({ queryKey: SCANS });
}

export async function tellScan(
  { id }: Pick<Scan, "id">,
  what: "pause" | "resume" | "cancel" | "retry",
  file_ids?: string[],
): Promise<void> {
  try {
    await http.post<Scan>(`/scans/${id}/${what}`, file_ids === undefined ? {} : { file_ids });
  } catch (error) {
    toast({ tone: "trouble", text: sentenceOf(error) });
  }
  await queryClient.invalidateQueries({ queryKey: SCANS });
}
