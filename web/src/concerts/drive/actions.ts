/** What people do with their Google Drive: connect it, disconnect it, have it scanned. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import type { Schemas } from "@/api/types";
import { toast } from "@/ui/toasts";
import { SCANS } from "../queries";
import type { Scan } from "../types";
import { driveQuery, type DriveState } from "./queries";

/** Leaves for the page at Google on which one agrees; that leads back to `/photos/drive`. */
export async function connectDrive({ pictures = false } = {}): Promise<void> {
  try {
    const { url } = await http.post<Schemas["Consent"]>(
      pictures ? "/photos/drive/consent?pictures=true" : "/photos/drive/consent",
    );
    window.location.assign(url);
  } catch (error) {
    toast({ tone: "trouble", text: sentenceOf(error) });
  }
}

/** With what Google's page led back with; throws what the server has against it. */
export async function keepDrive(code: string, state: string): Promise<void> {
  const kept = await http.post<DriveState>("/photos/drive/connection", { code, state });
  queryClient.setQueryData(driveQuery.queryKey, kept);
}

export async function disconnectDrive(): Promise<void> {
  await http.delete("/photos/drive");
  await queryClient.invalidateQueries({ queryKey: driveQuery.queryKey });
}

export async function scanDrive(): Promise<void> {
  try {
    await http.post<Scan>("/scans", { source: { kind: "drive" } });
  } catch (error) {
    toast({ tone: "trouble", text: sentenceOf(error) });
  }
  await queryClient.invalidateQueries({ queryKey: SCANS });
}
