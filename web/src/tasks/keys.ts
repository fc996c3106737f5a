/** The keys of the list of tasks. Those on a row are the list's own, and only told here. */
import { createStore } from "@/api/store";
import type { Keys } from "@/shell/face";

/** The box for a new task, while it is on the page. */
export const quickAdd = createStore<HTMLInputElement | null>(null);

/** What keys do to the task whose page is shown. */
export const shownTask = createStore<{ edit: () => void; done: () => void } | null>(null);

export const keys: Keys = {
  help: [
    { keys: ["n", "a"], does: "New task, in the list of tasks", on: "tasks" },
    { keys: ["x"], does: "Done, or to do again", on: "tasks" },
    { keys: ["e"], does: "Edit the task", on: "tasks" },
    { keys: ["Delete"], does: "Delete the task", on: "tasks" },
  ],
  press: ({ key }) => {
    const task = shownTask.get();
    if (task && (key === "e" || key === "x")) {
      if (key === "e") task.edit();
      else task.done();
      return true;
    }
    const box = quickAdd.get();
    if (!box || (key !== "n" && key !== "a")) return false;
    box.focus();
    box.scrollIntoView({ block: "nearest" });
    return true;
  },
};
