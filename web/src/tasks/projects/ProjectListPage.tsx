/** A project's tasks as a list: narrowed, sorted and searched as one's own are. */
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { TaskFilter } from "../filter";
import { List } from "../list/List";
import { ProjectFrame } from "./ProjectFrame";
import { mayEdit } from "./queries";

export default function ProjectListPage() {
  const { projectId } = useParams({ from: "/in/tasks/projects/$projectId/list" });
  const filter = useSearch({ from: "/in/tasks/projects/$projectId/list" });
  const navigate = useNavigate();
  const show = useCallback(
    (next: TaskFilter) =>
      void navigate({
        to: "/tasks/projects/$projectId/list",
        params: { projectId },
        search: next,
        replace: true,
      }),
    [navigate, projectId],
  );
  return (
    <ProjectFrame projectId={projectId} part="List">
      {(project) => (
        <List filter={filter} show={show} projectId={projectId} adding={mayEdit(project)} />
      )}
    </ProjectFrame>
  );
}
