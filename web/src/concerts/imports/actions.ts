/** What people do to tables that they brought. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { toast } from "@/ui/toasts";
import { IMPORTS, type ConcertImport } from "./queries";

async function doing(what: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    toast({ tone: "trouble", text: `${what} ${sentenceOf(error)}` });
  }
  await queryClient.invalidateQueries({ queryKey: IMPORTS });
}

export const beginImport = ({ id }: ConcertImport) =>
  doing("Nothing was added.", () => http.post(`/concerts/imports/${id}/begin`));

export const undoImport = ({ id }: ConcertImport) =>
  doing("Nothing was taken back.", () => http.post(`/concerts/imports/${id}/undo`));

export const deleteImport = ({ id }: ConcertImport) =>
  doing("The table is still there.", () => http.delete(`/concerts/imports/${id}`));
