/** My reminders of a task; nobody else sees them. */
import { queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";
import { TASK } from "../queries";

export type Reminder = Schemas["Reminder"];
export type ReminderForm = Schemas["ReminderForm"];

export const remindersQuery = (taskId: string) =>
  queryOptions({
    queryKey: [...TASK, taskId, "reminders"],
    queryFn: ({ signal }) => http.get<Page<Reminder>>(`/tasks/${taskId}/reminders`, { signal }),
  });
