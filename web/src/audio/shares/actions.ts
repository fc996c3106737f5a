/** What people do with their links: make, change, revoke, and take that back. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import type { Schemas } from "@/api/types";
import { toast } from "@/ui/toasts";
import type { Share } from "../types";
import { SHARES } from "./queries";

const reread = () => queryClient.invalidateQueries({ queryKey: SHARES });
const trouble = (text: string, error: unknown) =>
  toast({ tone: "trouble", text: `${text} ${sentenceOf(error)}` });

/** The whole address, to give away. */
export const addressOf = ({ path }: Share) => new URL(path, location.origin).href;

export const nameOf = ({ title }: Share) => (title === null ? "the link" : `the link to “${title}”`);

/** Throws what the server has against it, for the dialog that asked. */
export async function makeShare(form: Schemas["ShareForm"]): Promise<Share> {
  const made = await http.post<Share>("/shares", form);
  await reread();
  return made;
}

/** Throws what the server has against it, for the dialog that asked. */
export async function changeShare({ id, version }: Share, patch: Schemas["SharePatch"]): Promise<void> {
  await http.patch<Share>(`/shares/${id}`, patch, { ifVersion: version });
  await reread();
}

async function restoreShare(share: Share): Promise<void> {
  try {
    await http.post(`/shares/${share.id}/restore`);
  } catch (error) {
    trouble(`It stays revoked: ${nameOf(share)}.`, error);
  }
  await reread();
}

export async function revokeShare(share: Share): Promise<void> {
  try {
    await http.delete(`/shares/${share.id}`);
  } catch (error) {
    trouble(`It still counts: ${nameOf(share)}.`, error);
    return;
  }
  toast({
    text: `Revoked ${nameOf(share)}. It leads nowhere now.`,
    action: { label: "Undo", run: () => void restoreShare(share) },
  });
  await reread();
}
