/** Who is in a project, and who has been asked to come. */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "@/api/queries";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed } from "@/ui/Notice";
import rows from "@/ui/rows.module.css";
import { Skeleton } from "@/ui/Skeleton";
import { ProjectFrame } from "../projects/ProjectFrame";
import { membersQuery, type Project } from "../projects/queries";
import { mayInvite } from "../projects/ranks";
import { Invitations } from "./Invitations";
import { InviteDialog } from "./InviteDialog";
import { MemberRow } from "./MemberRow";
import styles from "./members.module.css";

function Members({ project }: { project: Project }) {
  const { data: me } = useQuery(meQuery);
  const { data, error, refetch } = useQuery(membersQuery(project.id));
  const [inviting, setInviting] = useState(false);
  const members = data?.items;
  const open = mayInvite(project);
  const invite = (
    <Button icon="plus" look="signal" onClick={() => setInviting(true)}>
      Invite somebody
    </Button>
  );
  const alone = members?.length === 1 && open;
  return (
    <div className={styles.page}>
      {error && !data && (
        <Failed what="The members can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton what="the members" rows={3} />}
      {alone && (
        <div className={styles.hue}>
          <Empty icon="user" title="Only you so far" action={invite}>
            <p>
              Whoever you invite sees this project as you do, and every change as it happens. What
              they can do in it is yours to say: only read, comment too, or change all of it.
            </p>
          </Empty>
        </div>
      )}
      {members && !alone && (
        <>
          <div className={rows.rowsHead}>
            <p>{members.length === 1 ? "One person is" : `${members.length} people are`} in here.</p>
            {open && invite}
          </div>
          <ul className={rows.rows} aria-label="Members">
            {members.map((member) => (
              <MemberRow
                key={member.user_id}
                project={project}
                member={member}
                me={member.user_id === me?.id}
              />
            ))}
          </ul>
        </>
      )}
      {project.rank === "owner" && <Invitations project={project} />}
      {inviting && <InviteDialog project={project} onClose={() => setInviting(false)} />}
    </div>
  );
}

export default function MembersPage() {
  const { projectId } = useParams({ from: "/in/tasks/projects/$projectId/members" });
  return (
    <ProjectFrame projectId={projectId} part="Members">
      {(project) => <Members project={project} />}
    </ProjectFrame>
  );
}
