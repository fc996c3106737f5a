/** What people do to saved views. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { toast } from "@/ui/toasts";
import { viewsQuery } from "./queries";
import type { Filters, View } from "./types";

const reread = () => queryClient.invalidateQueries({ queryKey: viewsQuery.queryKey });

/** Throws what the server has against it, for the form that asked. */
export async function saveView(name: string, filters: Filters): Promise<void> {
  await http.post<View>("/tasks/views", { name, filters });
  await reread();
}

export async function renameView(view: View, name: string): Promise<void> {
  await http.patch<View>(`/tasks/views/${view.id}`, { name }, { ifVersion: view.version });
  await reread();
}

export async function deleteView(view: View): Promise<void> {
  queryClient.setQueryData(viewsQuery.queryKey, (page) =>
    page && { ...page, items: page.items.filter(({ id }) => id !== view.id) },
  );
  try {
    await http.delete(`/tasks/views/${view.id}`);
  } catch (error) {
    toast({ tone: "trouble", text: `The view “${view.name}” is still there. ${sentenceOf(error)}` });
    await reread();
    return;
  }
  const again = async () => {
    try {
      await saveView(view.name, view.filters);
    } catch (error) {
      toast({ tone: "trouble", text: `“${view.name}” couldn't be kept again. ${sentenceOf(error)}` });
    }
  };
  toast({
    text: `Deleted the view “${view.name}”. Its tasks stay.`,
    action: { label: "Undo", run: () => void again() },
  });
}
