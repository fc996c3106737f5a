/** What people do to folders and scans; what fails says why. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { toast } from "@/ui/toasts";
import { FOLDERS, type MusicFolder, type MusicScan } from "./queries";

const readAgain = () => queryClient.invalidateQueries({ queryKey: FOLDERS });

/** Throws what the server has against it, for the form that asked. */
export async function startScan(path: string): Promise<void> {
  await http.post<MusicScan>("/music-scans", { path });
  await readAgain();
}

async function attempt(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    toast({ tone: "trouble", text: sentenceOf(error) });
  }
  await readAgain();
}

export const scanAgain = ({ path }: Pick<MusicFolder, "path">) =>
  attempt(() => http.post<MusicScan>("/music-scans", { path }));

export const tellScan = (
  { id }: Pick<MusicScan, "id">,
  what: "pause" | "resume" | "cancel" | "retry",
  file_ids?: string[],
) =>
  attempt(() =>
    http.post<MusicScan>(`/music-scans/${id}/${what}`, file_ids === undefined ? {} : { file_ids }),
  );

/** Throws what the server has against it, for the dialog that asked. */
export async function removeFolder({ id }: Pick<MusicFolder, "id">): Promise<void> {
  await http.delete(`/music-folders/${id}`);
  await readAgain();
}

export const removeMissing = ({ id }: Pick<MusicFolder, "id">) =>
  attempt(() => http.delete(`/music-folders/${id}/missing`));
