/** What was said of a task, the newest first; it lies under the task's key. */
import { infiniteQueryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";
import { TASK } from "../queries";

export type Comment = Schemas["Comment"];
export type CommentPage = Page<Comment>;

const PAGE_SIZE = 20;

export const commentsQuery = (taskId: string) =>
  infiniteQueryOptions({
    queryKey: [...TASK, taskId, "comments"],
    queryFn: ({ pageParam, signal }) =>
      http.get<CommentPage>(`/tasks/${taskId}/comments`, {
        query: { limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
