/** What people do to comments. Each throws what the server has against it, for who asked. How many
 *  there are is told by live events. */
import type { InfiniteData } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { commentsQuery, type Comment, type CommentPage } from "./queries";

type Pages = InfiniteData<CommentPage, string | null>;

/** Changes what is shown of a task's comments, the newest first. */
function edit(taskId: string, change: (items: Comment[], page: number) => Comment[]): void {
  queryClient.setQueryData<Pages>(commentsQuery(taskId).queryKey, (data) => {
    if (!data) return data;
    const pages = data.pages.map((page, at) => ({ ...page, items: change(page.items, at) }));
    return { ...data, pages };
  });
}

export async function say(taskId: string, text: string): Promise<void> {
  const made = await http.post<Comment>(`/tasks/${taskId}/comments`, { text });
  // A live event may have brought it already.
  edit(taskId, (items, page) =>
    page === 0 ? [made, ...items.filter(({ id }) => id !== made.id)] : items,
  );
}

/** Only if it is still as it was shown. */
export async function changeComment(comment: Comment, text: string): Promise<void> {
  const { id, task_id, version } = comment;
  const path = `/tasks/${task_id}/comments/${id}`;
  const changed = await http.patch<Comment>(path, { text }, { ifVersion: version });
  edit(task_id, (items) => items.map((each) => (each.id === id ? changed : each)));
}

export async function deleteComment({ id, task_id }: Comment): Promise<void> {
  await http.delete(`/tasks/${task_id}/comments/${id}`);
  edit(task_id, (items) => items.filter((each) => each.id !== id));
}
