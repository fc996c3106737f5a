/** What people do to tasks: each answers at once on the page and rolls back with a reason. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { inTurn } from "@/api/turns";
import { toast } from "@/ui/toasts";
import {
  addPart,
  addTask,
  holdReads,
  keepTask,
  patchDetail,
  patchTask,
  remembered,
  reread,
} from "./cache";
import { taskQuery, trashQuery } from "./queries";
import type { Draft, Status, Task, TaskItem, TaskPatch } from "./types";

type Named = Pick<TaskItem, "id" | "title">;

let drafts = 0;

/** A task as lists show it until the server has made it. */
function drafted(draft: Draft): TaskItem {
  drafts += 1;
  const now = new Date().toISOString();
  return {
    id: `new-${drafts}`,
    owner_id: "",
    created_by: "",
    project_id: null,
    parent_id: null,
    assignee_id: null,
    subtasks_total: 0,
    subtasks_done: 0,
    comment_count: 0,
    attachment_count: 0,
    has_description: false,
    status: "todo",
    priority: "medium",
    labels: [],
    position: "",
    start_at: null,
    due_at: null,
    completed_at: null,
    deleted_at: null,
    created_at: now,
    updated_at: now,
    version: 0,
    ...draft,
  };
}

/** Whether a row is still on its way to the server: nothing can be done to it yet. */
export const isDraft = ({ id }: Named) => id.startsWith("new-");

/** A failure to make something is told; what no line takes back can be tried again. */
function tellUnmade(draft: Draft, error: unknown, kept: boolean, again: () => void): void {
  toast({
    tone: "trouble",
    text: `“${draft.title}” wasn't added. ${sentenceOf(error)}`,
    ...(kept ? {} : { action: { label: "Try again", run: again } }),
  });
}

/** Whether it was made; if not, the page has been told why. */
export async function createTask(draft: Draft, keep = () => false): Promise<boolean> {
  const row = drafted(draft);
  holdReads();
  addTask(row);
  try {
    const made = await http.post<Task>("/tasks", draft);
    patchTask(row.id, (task) => ({ ...task, ...made, has_description: false }));
  } catch (error) {
    patchTask(row.id, () => null);
    tellUnmade(draft, error, keep(), () => void createTask(draft));
    return false;
  }
  await reread();
  return true;
}

/** The same for a part of a task, at the end of its others. */
export async function addSubtask(whole: Task, draft: Draft, keep = () => false): Promise<boolean> {
  const row = { ...drafted(draft), project_id: whole.project_id, parent_id: whole.id };
  holdReads();
  addPart(whole.id, row);
  try {
    const made = await http.post<Task>(`/tasks/${whole.id}/subtasks`, draft);
    patchTask(row.id, (task) => ({ ...task, ...made, has_description: false }));
    patchDetail(whole.id, (task) => ({ ...task, subtasks_total: task.subtasks_total + 1 }));
  } catch (error) {
    patchTask(row.id, () => null);
    tellUnmade(draft, error, keep(), () => void addSubtask(whole, draft));
    return false;
  }
  await reread();
  return true;
}

/** What a change makes of a task before the server has said so. */
const foreseen = <T extends TaskItem | Task>(task: T, patch: TaskPatch): T => ({ ...task, ...patch });

/** Changes a task at once; it is as before, with a reason, where that fails. */
export async function changeTask(task: TaskItem | Task, patch: TaskPatch): Promise<boolean> {
  holdReads();
  let before: TaskItem | undefined;
  patchTask(task.id, (row) => foreseen((before = row), patch));
  const detail = queryClient.getQueryData<Task>(taskQuery(task.id).queryKey);
  patchDetail(task.id, (each) => foreseen(each, patch));
  try {
    const send = () => http.patch<Task>(`/tasks/${task.id}`, patch);
    keepTask(await inTurn(`task:${task.id}`, send));
  } catch (error) {
    if (before) patchTask(task.id, () => before ?? null);
    if (detail) patchDetail(task.id, () => detail);
    toast({ tone: "trouble", text: `“${task.title}” is as it was. ${sentenceOf(error)}` });
    return false;
  } finally {
    void reread();
  }
  return true;
}

/** Throws what the server has against it, for the form that asked. */
export async function editTask(id: string, patch: TaskPatch): Promise<void> {
  keepTask(await http.patch<Task>(`/tasks/${id}`, patch));
  await reread();
}

/** The same, only if nobody has changed the task since that version. */
export async function saveWords(id: string, patch: TaskPatch, version: number): Promise<void> {
  keepTask(await http.patch<Task>(`/tasks/${id}`, patch, { ifVersion: version }));
  await reread();
}

export async function readTaskAgain(id: string): Promise<Task> {
  const task = await http.get<Task>(`/tasks/${id}`);
  keepTask(task);
  return task;
}

const SAID: Record<Status, string> = {
  todo: "To do again",
  doing: "Begun",
  done: "Done",
  archived: "Archived",
};

/** Puts a task into another status; for ten seconds that can be taken back. */
export async function setStatus(task: TaskItem | Task, status: Status): Promise<void> {
  const before = task.status;
  if (!(await changeTask(task, { status }))) return;
  toast({
    text: `${SAID[status]}: “${task.title}”.`,
    action: { label: "Undo", run: () => void changeTask({ ...task, status }, { status: before }) },
  });
}

export const isSettled = ({ status }: Pick<TaskItem, "status">) =>
  status === "done" || status === "archived";

export const toggleDone = (task: TaskItem | Task) =>
  setStatus(task, isSettled(task) ? "todo" : "done");

async function bringBack(task: Named): Promise<boolean> {
  try {
    keepTask(await http.post<Task>(`/tasks/${task.id}/restore`));
  } catch (error) {
    toast({ tone: "trouble", text: `“${task.title}” is still in the trash. ${sentenceOf(error)}` });
    return false;
  } finally {
    // Nobody but the server knows its place in a long list.
    void reread(true);
  }
  return true;
}

export async function deleteTask(task: Named): Promise<void> {
  holdReads();
  const putBack = remembered();
  patchTask(task.id, () => null);
  try {
    await http.delete(`/tasks/${task.id}`);
  } catch (error) {
    putBack();
    toast({ tone: "trouble", text: `“${task.title}” is still there. ${sentenceOf(error)}` });
    void reread(true);
    return;
  }
  void reread();
  void queryClient.invalidateQueries({ queryKey: taskQuery(task.id).queryKey });
  toast({
    text: `Deleted “${task.title}”.`,
    action: { label: "Undo", run: () => void bringBack(task) },
  });
}

/** Takes a task out of the trash, with a way back into it. */
export async function restoreTask(task: Named): Promise<void> {
  if (!(await bringBack(task))) return;
  toast({
    text: `“${task.title}” is back.`,
    action: { label: "Undo", run: () => void deleteTask(task) },
  });
}

/** For good. Throws what went wrong: the dialog that asked tells it. */
export async function deleteForGood(task: Named): Promise<void> {
  await http.delete(`/tasks/trash/${task.id}`);
  await reread(true);
  await queryClient.invalidateQueries({ queryKey: taskQuery(task.id).queryKey });
  toast({ text: `“${task.title}” is gone for good.` });
}

/** The same for all that lies there. */
export async function emptyTrash(): Promise<void> {
  await http.delete("/tasks/trash");
  await queryClient.invalidateQueries({ queryKey: trashQuery.queryKey });
  toast({ text: "The trash is empty." });
}
