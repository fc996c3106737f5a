/** What one does to one's sessions. The list answers at once and comes back with a reason if not. */
import { queryClient } from "@/api/client";
import type { OpenSession } from "../types";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { sessionsQuery } from "./queries";
import { deviceOf } from "@/ui/device";
import { toast } from "@/ui/toasts";

const { queryKey } = sessionsQuery;

export async function endSession(session: OpenSession): Promise<void> {
  const { name } = deviceOf(session.user_agent);
  await queryClient.cancelQueries({ queryKey });
  queryClient.setQueryData(queryKey, (page) =>
    page ? { ...page, items: page.items.filter(({ id }) => id !== session.id) } : page,
  );
  try {
    await http.delete(`/users/me/sessions/${session.id}`);
    toast({ text: `${name} is signed out.` });
  } catch (error) {
    toast({ tone: "trouble", text: `${name} is still signed in. ${sentenceOf(error)}` });
  }
  await queryClient.invalidateQueries({ queryKey });
}

export async function endOthers(): Promise<void> {
  await http.delete("/users/me/sessions");
  await queryClient.invalidateQueries({ queryKey });
}
