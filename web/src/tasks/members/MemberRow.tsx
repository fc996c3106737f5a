/** One member: who, as what, and what the owner or they themselves can do about it. */
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import rows from "@/ui/rows.module.css";
import { Tag } from "@/ui/Tag";
import { When } from "@/ui/When";
import { Initials } from "../Initials";
import type { Project, ProjectMember } from "../projects/queries";
import { RANK_CHOICES, RANK_WORDS, type MemberRank } from "../projects/ranks";
import { leaveProject, nameOf, rankMember, removeMember } from "./actions";
import styles from "./members.module.css";

interface Props {
  project: Project;
  member: ProjectMember;
  /** Whether it is whoever looks. */
  me: boolean;
}

export function MemberRow({ project, member, me }: Props) {
  const [asking, setAsking] = useState(false);
  const name = nameOf(member);
  const ranked = project.rank === "owner" && member.rank !== "owner";
  return (
    <li className={rows.row}>
      <span className={styles.face}>
        <Initials name={name} />
      </span>
      <span className={rows.rowWords}>
        <span className={rows.rowName}>
          <strong>{name}</strong>
          {me && <Tag>You</Tag>}
        </span>
        <span className={rows.rowMore}>
          <span>
            {member.rank === "owner" ? "Made it " : "Came "}
            <When time={member.since} />
          </span>
        </span>
      </span>
      <span className={styles.does}>
        {ranked ? (
          <select
            aria-label={`Rank of ${name}`}
            value={member.rank}
            onChange={(event) =>
              void rankMember(project, member, event.target.value as MemberRank)
            }
          >
            {RANK_CHOICES.map((choice) => (
              <option key={choice.value} value={choice.value}>
                {choice.name}
              </option>
            ))}
          </select>
        ) : (
          <Tag>{RANK_WORDS[member.rank]}</Tag>
        )}
        {ranked && (
          <Button small aria-label={`Remove ${name}`} onClick={() => setAsking(true)}>
            Remove
          </Button>
        )}
        {me && member.rank !== "owner" && (
          <Button small onClick={() => setAsking(true)}>
            Leave
          </Button>
        )}
      </span>
      {asking && me && <Leave {...{ project, member }} onClose={() => setAsking(false)} />}
      {asking && !me && <Remove {...{ project, member }} onClose={() => setAsking(false)} />}
    </li>
  );
}

interface AskProps {
  project: Project;
  member: ProjectMember;
  onClose: () => void;
}

function Remove({ project, member, onClose }: AskProps) {
  const name = nameOf(member);
  return (
    <ConfirmDialog
      title={`Remove ${name}?`}
      send="Remove"
      sending="Removing…"
      look="trouble"
      onClose={onClose}
      confirm={async () => {
        await removeMember(project, member);
        onClose();
      }}
    >
      {name} sees nothing of “{project.name}” from the next moment on, and is taken off the tasks
      that they were to do. What they made and said stays. To come back they need a new invitation.
    </ConfirmDialog>
  );
}

function Leave({ project, member, onClose }: AskProps) {
  const navigate = useNavigate();
  return (
    <ConfirmDialog
      title={`Leave “${project.name}”?`}
      send="Leave"
      sending="Leaving…"
      look="trouble"
      onClose={onClose}
      confirm={async () => {
        await leaveProject(project, member.user_id);
        await navigate({ to: "/tasks/projects" });
      }}
    >
      You see nothing of it any more, and are taken off the tasks that you were to do. To come back
      you need an invitation of {project.owner_name}.
    </ConfirmDialog>
  );
}
