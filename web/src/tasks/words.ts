/** Statuses, priorities and sorts in words. */
import type { Due, Shown } from "./filter";
import type { Priority, Status, TaskSort } from "./types";

interface Choice<T extends string> {
  value: T;
  name: string;
}

export const STATUS_WORDS: Record<Status, string> = {
  todo: "To do",
  doing: "Doing",
  done: "Done",
  archived: "Archived",
};

export const PRIORITY_WORDS: Record<Priority, string> = {
  low: "Low",
  medium: "Medium",
  high: "High",
  urgent: "Urgent",
};

export const STATUS_CHOICES: readonly Choice<Status>[] = (
  ["todo", "doing", "done", "archived"] as const
).map((value) => ({ value, name: STATUS_WORDS[value] }));

export const PRIORITY_CHOICES: readonly Choice<Priority>[] = (
  ["urgent", "high", "medium", "low"] as const
).map((value) => ({ value, name: PRIORITY_WORDS[value] }));

export const SHOWN_CHOICES: readonly Choice<Shown>[] = [
  { value: "open", name: "Open" },
  { value: "doing", name: "Doing" },
  { value: "done", name: "Done" },
  { value: "all", name: "All" },
  { value: "archived", name: "Archived" },
];

export const DUE_CHOICES: readonly Choice<Due>[] = [
  { value: "overdue", name: "Overdue" },
  { value: "today", name: "Due today" },
  { value: "week", name: "Due in 7 days" },
];

export const SORT_CHOICES: readonly Choice<TaskSort>[] = [
  { value: "-created_at", name: "Newest first" },
  { value: "created_at", name: "Oldest first" },
  { value: "due_at", name: "By due date" },
  { value: "-priority", name: "By priority" },
  { value: "title", name: "By title" },
  { value: "position", name: "In my own order" },
];
