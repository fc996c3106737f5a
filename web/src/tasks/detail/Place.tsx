/** Which project a task is in, and whose it is to do. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Select } from "@/ui/Select";
import { changeTask } from "../actions";
import { membersQuery } from "../projects/queries";
import { NONE, useAssigneeChoices, useProjectChoices } from "../projects/usePlaces";
import type { Rights } from "../projects/useRights";
import type { Task } from "../types";
import styles from "./facts.module.css";

interface Props {
  task: Task;
  rights: Rights;
  disabled: boolean;
}

const chosen = (value: string) => (value === NONE ? null : value);

export function Place({ task, rights, disabled }: Props) {
  const { project } = rights;
  const projects = useProjectChoices(task);
  const people = useAssigneeChoices(task.project_id);
  if (disabled || !rights.edit) return <Read task={task} rights={rights} />;
  return (
    <>
      {/* Nothing to choose from: the place for it would only be in the way. */}
      {projects.length > 1 && (
        <Select
          label="Project"
          options={projects}
          value={task.project_id ?? NONE}
          onChange={(event) =>
            // Whoever was to do it need not be in the other one.
            void changeTask(task, { project_id: chosen(event.target.value), assignee_id: null })
          }
        />
      )}
      {projects.length <= 1 && project && <ProjectLink project={project} />}
      {task.project_id !== null && (
        <Select
          label="For"
          options={people}
          value={task.assignee_id ?? NONE}
          onChange={(event) => void changeTask(task, { assignee_id: chosen(event.target.value) })}
        />
      )}
    </>
  );
}

function ProjectLink({ project }: { project: NonNullable<Rights["project"]> }) {
  return (
    <p className={styles.read}>
      <span className={styles.label}>Project</span>
      <Link to="/tasks/projects/$projectId" params={{ projectId: project.id }}>
        {project.name}
      </Link>
    </p>
  );
}

/** The same for those who can't change it. */
function Read({ task, rights: { project } }: { task: Task; rights: Rights }) {
  const { data } = useQuery({
    ...membersQuery(task.project_id ?? ""),
    enabled: task.project_id !== null,
  });
  const assignee = data?.items.find(({ user_id }) => user_id === task.assignee_id);
  return (
    <>
      {project && <ProjectLink project={project} />}
      {assignee && (
        <p className={styles.read}>
          <span className={styles.label}>For</span>
          {assignee.name}
        </p>
      )}
    </>
  );
}
