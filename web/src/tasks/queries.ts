/** What the pages of tasks read; `live.ts` keeps it fresh. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page } from "@/api/types";
import type { TaskQuery } from "./filter";
import type { Export, Task, TaskPage, TaskStats, View } from "./types";

const PAGE_SIZE = 100;
const PALETTE_SIZE = 8;

/** Everything about tasks lies under this key, but for the single ones. */
export const TASKS = ["tasks"] as const;
export const LISTS = ["tasks", "list"] as const;
/** A single one, and what hangs on it. */
export const TASK = ["task"] as const;

export const tasksQuery = (query: TaskQuery) =>
  infiniteQueryOptions({
    queryKey: [...LISTS, query] as const,
    queryFn: ({ pageParam, signal }) =>
      http.get<TaskPage>("/tasks", {
        query: { ...query, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });

export const foundTasks = (q: string, signal: AbortSignal) =>
  http.get<TaskPage>("/tasks", { query: { q, limit: PALETTE_SIZE }, signal });

export const taskQuery = (id: string) =>
  queryOptions({
    queryKey: [...TASK, id],
    queryFn: ({ signal }) => http.get<Task>(`/tasks/${id}`, { signal }),
  });

export const subtasksQuery = (id: string) =>
  queryOptions({
    queryKey: [...TASK, id, "subtasks"],
    queryFn: ({ signal }) => http.get<TaskPage>(`/tasks/${id}/subtasks`, { signal }),
  });

/** The parts of whichever task: they change with tasks that they themselves are. */
export const ofSubtasks = ({ queryKey }: { queryKey: readonly unknown[] }) =>
  queryKey[TASK.length + 1] === "subtasks";

export const trashQuery = infiniteQueryOptions({
  queryKey: ["tasks", "trash"],
  queryFn: ({ pageParam, signal }) =>
    http.get<TaskPage>("/tasks/trash", { query: { limit: PAGE_SIZE, cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
});

export const statsQuery = queryOptions({
  queryKey: ["tasks", "stats"],
  queryFn: ({ signal }) => http.get<TaskStats>("/tasks/stats", { signal }),
});

export const viewsQuery = queryOptions({
  queryKey: ["task-views"],
  queryFn: ({ signal }) => http.get<Page<View>>("/tasks/views", { signal }),
});

export const exportsQuery = queryOptions({
  queryKey: ["task-exports"],
  queryFn: ({ signal }) => http.get<Page<Export>>("/tasks/exports", { signal }),
});
