/** The files of a task; their addresses are good for an hour, so they are asked for again before. */
import { queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";
import { TASK } from "../queries";

export type Attachment = Schemas["Attachment"];

const AGAIN_MS = 25 * 60_000;

export const attachmentsQuery = (taskId: string) =>
  queryOptions({
    queryKey: [...TASK, taskId, "attachments"],
    queryFn: ({ signal }) => http.get<Page<Attachment>>(`/tasks/${taskId}/attachments`, { signal }),
    refetchInterval: AGAIN_MS,
  });
