/** The tasks of a board, column by column, as far as they have been fetched. */
import { useInfiniteQuery, type UseInfiniteQueryResult } from "@tanstack/react-query";
import { tasksQuery } from "../queries";
import type { TaskItem } from "../types";
import { COLUMNS, columnQuery, type Column, type Order } from "./columns";

interface Fetched {
  pending: boolean;
  /** Fetches the next page, where there is one. */
  more: (() => void) | undefined;
}

interface Columns {
  columns: Readonly<Record<Column, Fetched>>;
  tasks: ReadonlyMap<string, TaskItem>;
  order: Order;
  error: Error | null;
  retry: () => void;
}

function fetched(query: UseInfiniteQueryResult): Fetched {
  const { isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  return {
    pending: isPending,
    more: hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined,
  };
}

export function useColumns(projectId: string): Columns {
  const todo = useInfiniteQuery(tasksQuery(columnQuery(projectId, "todo")));
  const doing = useInfiniteQuery(tasksQuery(columnQuery(projectId, "doing")));
  const done = useInfiniteQuery(tasksQuery(columnQuery(projectId, "done")));
  const queries = { todo, doing, done };
  const tasks = new Map<string, TaskItem>();
  const order: Record<Column, string[]> = { todo: [], doing: [], done: [] };
  for (const column of COLUMNS) {
    for (const task of queries[column].data?.pages.flatMap(({ items }) => items) ?? []) {
      // A card that was done elsewhere leaves its column before that is read again.
      if (task.status !== column || task.project_id !== projectId || tasks.has(task.id)) continue;
      tasks.set(task.id, task);
      order[column].push(task.id);
    }
  }
  return {
    columns: { todo: fetched(todo), doing: fetched(doing), done: fetched(done) },
    tasks,
    order,
    error: todo.error ?? doing.error ?? done.error,
    retry: () => COLUMNS.forEach((column) => void queries[column].refetch()),
  };
}
