/** A project's board: its tasks in columns, moved by hand or by keys, live for everybody in it. */
import { useParams } from "@tanstack/react-router";
import { ProjectFrame } from "../projects/ProjectFrame";
import { mayEdit } from "../projects/queries";
import { Board } from "./Board";

export default function BoardPage() {
  const { projectId } = useParams({ from: "/in/tasks/projects/$projectId" });
  return (
    <ProjectFrame projectId={projectId} part="Board">
      {(project) => <Board project={project} editable={mayEdit(project)} />}
    </ProjectFrame>
  );
}
