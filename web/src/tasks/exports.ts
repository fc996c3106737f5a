/** What people do to exports. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { toast } from "@/ui/toasts";
import { exportsQuery } from "./queries";
import type { Export, Filters, Format } from "./types";

const reread = () => queryClient.invalidateQueries({ queryKey: exportsQuery.queryKey });

export async function makeExport(format: Format, filters: Filters): Promise<void> {
  try {
    await http.post<Export>("/tasks/exports", { format, filters });
  } catch (error) {
    toast({ tone: "trouble", text: `There is no file. ${sentenceOf(error)}` });
  }
  await reread();
}

export async function deleteExport(each: Export): Promise<void> {
  try {
    await http.delete(`/tasks/exports/${each.id}`);
  } catch (error) {
    toast({ tone: "trouble", text: `The file is still there. ${sentenceOf(error)}` });
  }
  await reread();
}
