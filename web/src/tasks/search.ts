/** Tasks in the palette: found by their words, opened by a press. */
import { searching } from "@/shell/face";
import { dueWords } from "./due";
import { foundTasks } from "./queries";
import type { TaskPage } from "./types";

export const search = searching<TaskPage>({
  what: "task",
  key: (text) => ["tasks", "palette", text],
  read: foundTasks,
  commands: ({ items }) =>
    items.map(({ id, title, due_at, status }) => ({
      key: id,
      label: title,
      ...(status === "done" || status === "archived"
        ? { detail: "Done" }
        : due_at === null
          ? {}
          : { detail: dueWords(due_at, Date.now()).text }),
      icon: "tasks",
      run: `/tasks/${id}`,
    })),
});
