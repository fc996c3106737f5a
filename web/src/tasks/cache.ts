/** Tasks in the query cache: changed wherever they are shown, before the server has answered. */
import type { InfiniteData } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import { shows, type TaskQuery } from "./filter";
import { LISTS, ofSubtasks, subtasksQuery, TASK, taskQuery, TASKS } from "./queries";
import type { Task, TaskItem, TaskPage } from "./types";

export type TaskPages = InfiniteData<TaskPage, string | null>;

/** A longer list than this isn't read again under the reader's eyes. */
const MOST_PAGES_AGAIN = 3;

export const isShort = (data: unknown) => {
  const { pages } = (data ?? {}) as Partial<TaskPages>;
  return pages === undefined || pages.length <= MOST_PAGES_AGAIN;
};

/** The lists, the trash and the figures are read again where they are shown; long ones only if told. */
export async function reread(long = false): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({
      queryKey: TASKS,
      predicate: ({ state }) => long || isShort(state.data),
    }),
    queryClient.invalidateQueries({ queryKey: TASK, predicate: ofSubtasks }),
  ]);
}

/** An answer that is on its way tells of the time before a change, and would undo it on the page. */
export function holdReads(): void {
  void queryClient.cancelQueries({
    queryKey: TASKS,
    predicate: ({ state }) => state.data !== undefined,
  });
  void queryClient.cancelQueries({
    queryKey: TASK,
    predicate: (query) => ofSubtasks(query) && query.state.data !== undefined,
  });
}

function edited(data: TaskPages, edit: (items: TaskItem[], page: number) => TaskItem[]): TaskPages {
  const pages = data.pages.map((page, at) => ({ ...page, items: edit(page.items, at) }));
  return { ...data, pages };
}

/** Changes one task wherever it is shown; null takes it out of the lists. */
export function patchTask(id: string, change: (task: TaskItem) => TaskItem | null): void {
  const patched = (items: TaskItem[]) =>
    items.flatMap((task) => (task.id === id ? (change(task) ?? []) : [task]));
  queryClient.setQueriesData<TaskPages>({ queryKey: LISTS }, (data) => data && edited(data, patched));
  queryClient.setQueriesData<TaskPage>(
    { queryKey: TASK, predicate: ofSubtasks },
    (data) => data && { ...data, items: patched(data.items) },
  );
}

/** Puts a new part at the end of those of its whole. */
export function addPart(wholeId: string, part: TaskItem): void {
  queryClient.setQueryData<TaskPage>(subtasksQuery(wholeId).queryKey, (data) => ({
    ...data,
    items: [...(data?.items ?? []), part],
  }));
}

/** The lists as they are now; puts them back where a change was refused. */
export function remembered(): () => void {
  const lists = queryClient.getQueriesData({ queryKey: LISTS });
  const parts = queryClient.getQueriesData({ queryKey: TASK, predicate: ofSubtasks });
  return () => {
    for (const [key, data] of [...lists, ...parts]) queryClient.setQueryData(key, data);
  };
}

/** Puts a new task into every list that shows the like: where the server adds it, at the end of
 *  one in the order that people give, else on top. */
export function addTask(task: TaskItem): void {
  const lists = queryClient.getQueryCache().findAll({ queryKey: LISTS });
  for (const { queryKey } of lists) {
    const query = queryKey[LISTS.length] as TaskQuery;
    if (query.q !== undefined || !shows(query, task)) continue;
    queryClient.setQueryData<TaskPages>(queryKey, (data) =>
      data === undefined
        ? data
        : edited(data, (items, page) => {
            if (query.sort !== "position") return page === 0 ? [task, ...items] : items;
            return page === data.pages.length - 1 ? [...items, task] : items;
          }),
    );
  }
}

/** What the server has answered about one task, put wherever it is shown. */
export function keepTask(task: Task): void {
  const { description, ...rest } = task;
  patchTask(task.id, () => ({ ...rest, has_description: description !== "" }));
  queryClient.setQueryData<Task>(taskQuery(task.id).queryKey, task);
}

/** Changes one task on its own page, where it was read. */
export function patchDetail(id: string, change: (task: Task) => Task): void {
  queryClient.setQueryData<Task>(taskQuery(id).queryKey, (task) => task && change(task));
}
