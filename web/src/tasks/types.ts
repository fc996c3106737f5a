/** Tasks and what goes with them, as the server sends them. */
import type { Page, Schemas } from "@/api/types";

export type Task = Schemas["Task"];
export type TaskItem = Schemas["TaskItem"];
export type TaskPage = Page<TaskItem>;
export type TaskPatch = Schemas["TaskPatch"];
export type TaskStats = Schemas["TaskStats"];
export type View = Schemas["View"];
export type Export = Schemas["Export"];
/** As the server keeps it with views and exports. */
export type Filters = Schemas["Filters"];

export type Status = TaskItem["status"];
export type Priority = TaskItem["priority"];
export type TaskSort = Filters["sort"];
export type Format = Export["format"];

/** A new task; what isn't said is the server's to say. */
export interface Draft {
  title: string;
  due_at?: string | null;
  priority?: Priority;
  labels?: string[];
  status?: Status;
  project_id?: string;
}
