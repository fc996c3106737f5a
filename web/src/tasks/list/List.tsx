/** A list of tasks, mine or a project's: a line for new ones, what narrows it, and the tasks. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNow } from "@/ui/now";
import { EditDialog } from "../EditDialog";
import { queryOf, type TaskFilter } from "../filter";
import { tasksQuery } from "../queries";
import type { TaskItem } from "../types";
import { Filters } from "./Filters";
import { NoTasks } from "./NoTasks";
import { QuickAdd } from "./QuickAdd";
import { TaskTable } from "./TaskTable";

interface Props {
  filter: TaskFilter;
  show: (next: TaskFilter) => void;
  projectId?: string;
  /** Whether there is a line that adds to it. */
  adding?: boolean;
}

export function List({ filter, show, projectId, adding = true }: Props) {
  const [edited, setEdited] = useState<TaskItem | null>(null);
  const now_ms = useNow();
  const inProject = projectId === undefined ? {} : { project: projectId };
  const query = { ...queryOf(filter, new Date(now_ms)), ...inProject };
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } =
    useInfiniteQuery(tasksQuery(query));
  const tasks = data?.pages.flatMap((page) => page.items);
  const more = hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined;
  return (
    <>
      {adding && <QuickAdd {...(projectId === undefined ? {} : { projectId })} />}
      <Filters
        filter={filter}
        query={query}
        tasks={tasks ?? []}
        onChange={show}
        projectId={projectId}
      />
      <TaskTable
        tasks={tasks}
        sort={filter.sort ?? "-created_at"}
        empty={<NoTasks filter={filter} adding={adding} onClear={() => show({})} />}
        error={error}
        retry={() => void refetch()}
        more={more}
        onSort={(sort) => show({ ...filter, sort })}
        onEdit={setEdited}
        onLabel={(label) => show({ ...filter, label })}
      />
      {edited && <EditDialog task={edited} onClose={() => setEdited(null)} />}
    </>
  );
}
