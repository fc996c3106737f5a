/** Events about tasks poured into the query cache, so that every page shows what is true now. */
import { queryClient } from "@/api/client";
import { gathered } from "@/api/gathered";
import { type Hearing } from "@/api/live";
import { http } from "@/api/http";
import { toast } from "@/ui/toasts";
import { isShort, keepTask, reread } from "./cache";
import { PROJECTS } from "./projects/queries";
import { exportsQuery, TASK, taskQuery, viewsQuery } from "./queries";
import type { Task } from "./types";

interface TaskEvent {
  /** None: too many to name. */
  ids: string[];
  action: "created" | "updated" | "deleted" | "restored" | "purged";
}

interface HangingEvent {
  task_id: string;
}

interface ReminderEvent extends HangingEvent {
  title: string;
}

const MOST_SINGLE_READS = 3;

const changed = new Set<string>();
let all = false;

const refreshTasks = gathered(() => {
  const ids = [...changed];
  const many = all || ids.length > MOST_SINGLE_READS;
  changed.clear();
  all = false;
  void reread(many);
  if (many) void queryClient.invalidateQueries({ queryKey: TASK });
  else for (const id of ids) void readAgain(id);
});

/** A single task is read for its own page, and for lists that are too long to be read again. */
async function readAgain(id: string): Promise<void> {
  const shown = queryClient.getQueryData(taskQuery(id).queryKey) !== undefined;
  const long = queryClient
    .getQueriesData({ queryKey: ["tasks", "list"] })
    .some(([, data]) => !isShort(data));
  if (!shown && !long) return;
  try {
    keepTask(await http.get<Task>(`/tasks/${id}`));
  } catch {
    // Gone in the meantime, or no connection: its page finds out by itself.
    void queryClient.invalidateQueries({ queryKey: taskQuery(id).queryKey });
  }
}

/** What hangs on a task, read again where it is shown; the task itself counts it. */
const hanging = (kind: string) => ({ task_id }: HangingEvent) => {
  void queryClient.invalidateQueries({ queryKey: [...TASK, task_id, kind] });
  changed.add(task_id);
  refreshTasks();
};

function onReminder({ task_id, title }: ReminderEvent): void {
  void queryClient.invalidateQueries({ queryKey: [...TASK, task_id, "reminders"] });
  toast({ text: `Reminder: “${title}”.` });
}

const refreshProjects = gathered(
  () => void queryClient.invalidateQueries({ queryKey: PROJECTS }),
);

/** Whoever was removed or let in sees other tasks, too. */
function onMembers(): void {
  refreshProjects();
  all = true;
  refreshTasks();
}

function onTask({ ids, action }: TaskEvent): void {
  for (const id of ids) changed.add(id);
  all ||= ids.length === 0 || action === "purged";
  refreshTasks();
}

export const tasksHearing: Hearing = {
  topics: ["tasks"],
  hear: {
    task: onTask,
    project: refreshProjects,
    members: onMembers,
    comment: hanging("comments"),
    attachment: hanging("attachments"),
    reminder: onReminder,
    view: () => void queryClient.invalidateQueries({ queryKey: viewsQuery.queryKey }),
    export: () => void queryClient.invalidateQueries({ queryKey: exportsQuery.queryKey }),
  },
};
