/** One project among others. */
import { Link } from "@tanstack/react-router";
import { Icon } from "@/ui/Icon";
import { Menu, type MenuItem } from "@/ui/Menu";
import { Tag } from "@/ui/Tag";
import { archiveProject, deleteProject, restoreProject } from "./actions";
import { ColourDot } from "./Colours";
import type { Project } from "./queries";
import styles from "./projects.module.css";

/** What its owner may do to a project, for a menu. */
export function projectMenu(project: Project, onEdit: (project: Project) => void): MenuItem[] {
  if (project.deleted_at !== null) {
    const run = () => void restoreProject(project);
    return [{ key: "restore", label: "Take out of the trash", icon: "restore", run }];
  }
  const archived = project.archived_at !== null;
  return [
    ...(archived
      ? []
      : [{ key: "edit", label: "Edit", icon: "edit" as const, run: () => onEdit(project) }]),
    {
      key: "archive",
      label: archived ? "Out of the archive" : "Archive",
      icon: archived ? "restore" : "archive",
      run: () => void archiveProject(project, !archived),
    },
    {
      key: "delete",
      label: "Delete",
      icon: "trash",
      trouble: true,
      run: () => void deleteProject(project),
    },
  ];
}

interface Props {
  project: Project;
  onEdit: (project: Project) => void;
}

export function ProjectCard({ project, onEdit }: Props) {
  const { id, name, description, rank, owner_name, deleted_at } = project;
  return (
    <li className={styles.project}>
      <ColourDot colour={project.colour} />
      <div className={styles.words}>
        {deleted_at === null ? (
          <Link to="/tasks/projects/$projectId" params={{ projectId: id }}>
            {name}
          </Link>
        ) : (
          <span>{name}</span>
        )}
        {description !== "" && <p>{description}</p>}
        {rank !== "owner" && <p>Of {owner_name}</p>}
      </div>
      {rank !== "owner" && <Tag>{rank}</Tag>}
      {rank === "owner" && (
        <Menu label={`Actions for ${name}`} items={projectMenu(project, onEdit)}>
          <Icon name="more" />
        </Menu>
      )}
    </li>
  );
}
