/** The invitations that still let somebody in, for the owner. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "@/ui/Button";
import { atTime, onDay } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Failed } from "@/ui/Notice";
import rows from "@/ui/rows.module.css";
import { Tag } from "@/ui/Tag";
import type { Project } from "../projects/queries";
import { RANK_WORDS } from "../projects/ranks";
import { invitationName, revoke } from "./actions";
import { invitationsQuery, type Invitation } from "./queries";
import styles from "./members.module.css";

function InvitationRow({ project, invitation }: { project: Project; invitation: Invitation }) {
  const { email, rank, uses, max_uses, expires_at } = invitation;
  return (
    <li className={rows.row}>
      <span className={rows.rowSign}>
        <Icon name={email === null ? "key" : "mail"} />
      </span>
      <span className={rows.rowWords}>
        <span className={rows.rowName}>
          <strong>{email ?? "A link"}</strong>
          <Tag>{RANK_WORDS[rank]}</Tag>
        </span>
        <span className={rows.rowMore}>
          {email === null && (
            <span>
              {uses} of {max_uses} came by it
            </span>
          )}
          <time dateTime={expires_at} title={atTime(expires_at)}>
            Ends on {onDay(expires_at)}
          </time>
        </span>
      </span>
      <Button
        small
        aria-label={`Revoke: ${invitationName(invitation)}`}
        onClick={() => void revoke(project, invitation)}
      >
        Revoke
      </Button>
    </li>
  );
}

export function Invitations({ project }: { project: Project }) {
  const { data, error, refetch } = useQuery(invitationsQuery(project.id));
  if (error && !data) {
    return (
      <Failed what="The invitations can't be shown" error={error} retry={() => void refetch()} />
    );
  }
  if (!data || data.items.length === 0) return null;
  return (
    <section className={styles.invitations} aria-labelledby="invitations">
      <h2 id="invitations">Open invitations</h2>
      <ul className={rows.rows}>
        {data.items.map((invitation) => (
          <InvitationRow key={invitation.id} project={project} invitation={invitation} />
        ))}
      </ul>
    </section>
  );
}
