/** What an administrator does to messages, and what their states are called. */
import { queryClient } from "@/api/client";
import type { OutboxItem, OutboxState } from "./types";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { outboxQuery } from "./queries";
import { toast } from "@/ui/toasts";

export const OUTBOX_STATES: Readonly<
  Record<OutboxState, { name: string; tone: "plain" | "signal" | "trouble" }>
> = {
  kept: { name: "Kept here", tone: "signal" },
  queued: { name: "On its way", tone: "signal" },
  sent: { name: "Sent", tone: "plain" },
  failed: { name: "Failed", tone: "trouble" },
};

export async function retryMessage(item: OutboxItem): Promise<void> {
  try {
    await http.post(`/admin/outbox/${item.id}/retry`);
    toast({ text: `The message to ${item.to} is on its way again.` });
  } catch (error) {
    toast({ tone: "trouble", text: `The message to ${item.to} stays here. ${sentenceOf(error)}` });
  }
  await queryClient.invalidateQueries({ queryKey: outboxQuery.queryKey });
}
