/** The columns of a board: which tasks are in them, and a card's way from one to another. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { toast } from "@/ui/toasts";
import {
  holdReads,
  keepTask,
  patchDetail,
  patchTask,
  remembered,
  reread,
  type TaskPages,
} from "../cache";
import type { TaskQuery } from "../filter";
import { LISTS } from "../queries";
import type { Status, Task, TaskItem } from "../types";

export const COLUMNS = ["todo", "doing", "done"] as const satisfies readonly Status[];
export type Column = (typeof COLUMNS)[number];

/** The ids of the cards of each column, from the top. */
export type Order = Readonly<Record<Column, readonly string[]>>;

/** How a column is asked for: in the order that people have given it, parts of tasks left out. */
export const columnQuery = (projectId: string, status: Column): TaskQuery => ({
  sort: "position",
  status,
  project: projectId,
  parent: "none",
});

export const columnOf = (order: Order, id: string): Column | undefined =>
  COLUMNS.find((column) => order[column].includes(id));

/** The order after a card was put at a place of a column. */
export function placed(order: Order, id: string, column: Column, at: number): Order {
  const without = Object.fromEntries(
    COLUMNS.map((each) => [each, order[each].filter((other) => other !== id)]),
  ) as Record<Column, string[]>;
  without[column].splice(at, 0, id);
  return without;
}

const keyOf = (projectId: string, column: Column) => [...LISTS, columnQuery(projectId, column)];

/** Puts a card behind another one (null: on top) of a column, in what is shown. */
function put(projectId: string, task: TaskItem, column: Column, behind: string | null): void {
  for (const each of COLUMNS) {
    queryClient.setQueryData<TaskPages>(keyOf(projectId, each), (data) => {
      if (!data) return data;
      const pages = data.pages.map((page, number) => {
        const items = page.items.filter(({ id }) => id !== task.id);
        const at = behind === null ? (number === 0 ? 0 : -1) : items.findIndex(({ id }) => id === behind) + 1;
        if (each === column && (behind === null ? at === 0 : at > 0)) items.splice(at, 0, task);
        return { ...page, items };
      });
      return { ...data, pages };
    });
  }
}

/** Moves a card at once; it goes back to where it was, with a reason, where the server refuses. */
export async function moveCard(
  projectId: string,
  task: TaskItem,
  column: Column,
  behind: string | null,
): Promise<void> {
  holdReads();
  const putBack = remembered();
  const status = column === task.status ? {} : { status: column };
  const moved: TaskItem = { ...task, status: column };
  patchTask(task.id, () => moved);
  put(projectId, moved, column, behind);
  patchDetail(task.id, (detail) => ({ ...detail, ...status }));
  try {
    keepTask(await http.post<Task>(`/tasks/${task.id}/move`, { after_id: behind, ...status }));
  } catch (error) {
    putBack();
    toast({ tone: "trouble", text: `“${task.title}” is back where it was. ${sentenceOf(error)}` });
  } finally {
    void reread();
  }
}
