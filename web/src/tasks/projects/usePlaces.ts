/** Where a task can be put, and who can be asked to do it, as choices. */
import { useQuery } from "@tanstack/react-query";
import type { TaskItem } from "../types";
import { mayEdit, membersQuery, projectsQuery } from "./queries";

interface Choice {
  value: string;
  name: string;
}

/** Stands for no project, and for nobody. */
export const NONE = "";

type Placed = Pick<TaskItem, "owner_id" | "project_id" | "parent_id">;

/** Projects of the task's owner: what is in one belongs to them. None for parts, which go with
 *  their whole. */
export function useProjectChoices({ owner_id, project_id, parent_id }: Placed): Choice[] {
  const { data } = useQuery(projectsQuery);
  if (parent_id !== null) return [];
  const here = data?.items.find(({ id }) => id === project_id);
  const open = (data?.items ?? []).filter(
    (project) => project.owner_id === owner_id && (project === here || mayEdit(project)),
  );
  const mine = project_id === null || here?.rank === "owner";
  return [
    ...(mine ? [{ value: NONE, name: "No project" }] : []),
    ...open.map(({ id, name }) => ({ value: id, name })),
  ];
}

/** The members of a project; nobody else can be asked. */
export function useAssigneeChoices(projectId: string | null): Choice[] {
  const { data } = useQuery({
    ...membersQuery(projectId ?? ""),
    enabled: projectId !== null,
  });
  const members = projectId === null ? [] : (data?.items ?? []);
  return [
    { value: NONE, name: "Nobody" },
    ...members
      .filter(({ name }) => name !== "")
      .map(({ user_id, name }) => ({ value: user_id, name })),
  ];
}
