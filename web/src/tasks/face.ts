/** What tasks show of themselves outside their folder. */
import type { Face } from "@/shell/face";
import { InvitationBar } from "./invitation/InvitationBar";
import { keys } from "./keys";
import { tasksHearing } from "./live";
import { outside, pages } from "./routes";
import { search } from "./search";

export const tasks = {
  name: "tasks",
  outside,
  inside: pages,
  rail: [{ to: "/tasks", icon: "tasks", label: "Tasks" }],
  commands: [
    { key: "tasks", label: "Tasks", icon: "tasks", run: "/tasks" },
    { key: "projects", label: "Projects", icon: "tasks", run: "/tasks/projects" },
    { key: "task-statistics", label: "Task statistics", icon: "tasks", run: "/tasks/statistics" },
    { key: "task-trash", label: "Trash of tasks", icon: "trash", run: "/tasks/trash" },
  ],
  search,
  keys,
  live: tasksHearing,
  above: InvitationBar,
  figures: {
    tasks: { label: "Tasks", icon: "tasks" },
    projects: { label: "Projects", icon: "tasks" },
    comments: { label: "Comments", icon: "tasks" },
    attachments: { label: "Attachments", icon: "tasks" },
  },
  scopes: [
    {
      name: "tasks",
      label: "Tasks",
      reads: "List and search tasks, have them as a file",
      writes: "Make, change and delete tasks",
    },
  ],
} as const satisfies Face;
