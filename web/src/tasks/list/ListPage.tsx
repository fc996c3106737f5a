/** The list of tasks that I see. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { TaskFilter } from "../filter";
import { List } from "./List";

export default function ListPage() {
  const filter = useSearch({ from: "/in/tasks/" });
  const navigate = useNavigate();
  const show = useCallback(
    (next: TaskFilter) => void navigate({ to: "/tasks", search: next, replace: true }),
    [navigate],
  );
  return <List filter={filter} show={show} />;
}
