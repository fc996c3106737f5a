/** Which tasks a list shows: as an address says it, as the server is asked, as words. */
import type { Filters, Priority, Status, TaskItem, TaskSort, View } from "./types";

export const SHOWN = ["open", "doing", "done", "all", "archived"] as const;
export const DUES = ["overdue", "today", "week"] as const;
export const PRIORITIES = ["urgent", "high", "medium", "low"] as const;
export const SORTS = ["-created_at", "created_at", "due_at", "-priority", "title", "position"] as const;

export type Shown = (typeof SHOWN)[number];
export type Due = (typeof DUES)[number];

/** What the address says. */
export interface TaskFilter {
  show?: Shown;
  priority?: Priority;
  label?: string;
  due?: Due;
  /** Fixed times, from a view that has them. */
  after?: string;
  before?: string;
  q?: string;
  sort?: TaskSort;
}

/** The parameters of `GET /tasks`. */
export type TaskQuery = Readonly<Record<string, string>>;

const STATUSES: Record<Shown, readonly Status[]> = {
  open: ["todo", "doing"],
  doing: ["doing"],
  done: ["done"],
  all: [],
  archived: ["archived"],
};
const DAYS_OF_WEEK = 7;

/** The first moment of a day in local time, some days from now. */
function dayFrom(now: Date, days: number): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).toISOString();
}

function dueOf(due: Due | undefined, now: Date): { after?: string; before?: string } {
  switch (due) {
    case undefined:
      return {};
    case "overdue": {
      // To the minute: a list keeps its name in the cache for that long.
      const minute = new Date(now);
      minute.setSeconds(0, 0);
      return { before: minute.toISOString() };
    }
    case "today":
      return { after: dayFrom(now, 0), before: dayFrom(now, 1) };
    case "week":
      return { after: dayFrom(now, 0), before: dayFrom(now, DAYS_OF_WEEK) };
  }
}

/** Open tasks are shown, and all of them to those who search, unless the address says otherwise. */
export const shownOf = ({ show, q }: TaskFilter): Shown => show ?? (q === undefined ? "open" : "all");

/** What the server is asked for. */
export function queryOf(filter: TaskFilter, now: Date): TaskQuery {
  const { sort = "-created_at" } = filter;
  const show = shownOf(filter);
  const due = dueOf(filter.due, now);
  const after = due.after ?? filter.after;
  const before = due.before ?? filter.before;
  return {
    sort,
    ...(STATUSES[show].length > 0 ? { status: STATUSES[show].join() } : {}),
    ...(filter.priority === undefined ? {} : { priority: filter.priority }),
    ...(filter.label === undefined ? {} : { label: filter.label }),
    ...(after === undefined ? {} : { due_after: after }),
    ...(before === undefined ? {} : { due_before: before }),
    ...(filter.q === undefined ? {} : { q: filter.q }),
  };
}

/** The same for a view or an export. */
export function filtersOf(query: TaskQuery): Filters {
  const { status, priority, label, due_after, due_before, project } = query;
  const { q = "", sort = "-created_at" } = query;
  return {
    q,
    sort: sort as TaskSort,
    ...(status === undefined ? {} : { status: status.split(",") as Status[] }),
    ...(priority === undefined ? {} : { priority: [priority as Priority] }),
    ...(label === undefined ? {} : { label: [label] }),
    ...(due_after === undefined ? {} : { due_after }),
    ...(due_before === undefined ? {} : { due_before }),
    ...(project === undefined ? {} : { project }),
  };
}

/** What a view keeps, of a project's list or of mine: "today" moves on with the days of this place. */
export function viewOf({ due, ...lasting }: TaskFilter, now: Date, project?: string): Filters {
  const kept = filtersOf({ ...queryOf(lasting, now), ...(project === undefined ? {} : { project }) });
  if (due === undefined) return kept;
  return { ...kept, due, time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone };
}

/** The views of a project's list, or those of mine. */
export const viewsIn = (views: readonly View[], project?: string): View[] =>
  views.filter(({ filters }) => (filters.project ?? undefined) === project);

/** Whether two filters ask for the same, whatever the time is. */
export function areAlike(one: TaskFilter, other: TaskFilter): boolean {
  const [first, second] = [one, other].map(({ due, ...rest }) =>
    Object.entries({ ...queryOf(rest, new Date(0)), due }).sort(),
  );
  return JSON.stringify(first) === JSON.stringify(second);
}

/** The address that shows a view. */
export function filterOf(filters: Filters): TaskFilter {
  const { status = [], priority = [], label = [], due, due_after, due_before, q, sort } = filters;
  const named = [...status].sort().join();
  const show = SHOWN.find((each) => [...STATUSES[each]].sort().join() === named) ?? "all";
  return {
    ...(show === (q === "" ? "open" : "all") ? {} : { show }),
    ...(priority[0] === undefined ? {} : { priority: priority[0] }),
    ...(label[0] === undefined ? {} : { label: label[0] }),
    ...(due == null ? {} : { due }),
    ...(due_after == null ? {} : { after: due_after }),
    ...(due_before == null ? {} : { before: due_before }),
    ...(q === "" ? {} : { q }),
    ...(sort === "-created_at" ? {} : { sort }),
  };
}

type Loose = { [name in keyof TaskFilter]: TaskFilter[name] | undefined };

/** Only what is said: an address is as short as it can be. */
export const saying = (loose: Loose): TaskFilter =>
  Object.fromEntries(Object.entries(loose).filter(([, value]) => value !== undefined));

const known = <T extends string>(values: readonly T[], value: unknown) =>
  values.find((each) => each === value);
/** "2026" in an address comes as the number that it could be. */
const text = (value: unknown) => {
  const said = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  return typeof said === "string" && said.trim() !== "" ? said : undefined;
};
const instant = (value: unknown) =>
  typeof value === "string" && !Number.isNaN(Date.parse(value)) ? value : undefined;

/** What an address says of the list; the rest of it is left out. */
export function readFilter(search: Record<string, unknown>): TaskFilter {
  return saying({
    show: known(SHOWN, search.show),
    priority: known(PRIORITIES, search.priority),
    label: text(search.label),
    due: known(DUES, search.due),
    after: instant(search.after),
    before: instant(search.before),
    q: text(search.q),
    sort: known(SORTS, search.sort),
  });
}

/** Whether a list that is asked for like this shows a task; words are the server's to judge. */
export function shows(query: TaskQuery, task: TaskItem): boolean {
  const { status, priority, label, due_after, due_before, project, parent } = query;
  const due_ms = task.due_at === null ? Number.NaN : Date.parse(task.due_at);
  if (status === undefined ? task.status === "archived" : !status.split(",").includes(task.status)) {
    return query.q !== undefined && status === undefined;
  }
  if (project !== undefined && project !== (task.project_id ?? "none")) return false;
  if (parent === "none" && task.parent_id !== null) return false;
  if (priority !== undefined && priority !== task.priority) return false;
  if (label !== undefined && !task.labels.includes(label)) return false;
  if (due_after !== undefined && !(due_ms >= Date.parse(due_after))) return false;
  return due_before === undefined || due_ms < Date.parse(due_before);
}
