/** The page behind the link of an invitation: to what, from whom, as what; and the way in. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { Problem, sentenceOf } from "@/api/problem";
import { instanceQuery, meQuery } from "@/api/queries";
import { restore, session } from "@/api/session";
import { useStore } from "@/api/store";
import type { Schemas } from "@/api/types";
import { VisitorFrame } from "@/shell/VisitorFrame";
import { Button } from "@/ui/Button";
import button from "@/ui/button.module.css";
import { classes } from "@/ui/classes";
import { atTime } from "@/ui/format";
import { Failed, Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/toasts";
import { PROJECTS, type Project } from "../projects/queries";
import { RANK_MAY, WITH_ARTICLE } from "../projects/ranks";
import { dropInvitation, held } from "./held";
import styles from "./invitation.module.css";

const signal = classes(button.button, button.buttonSignal);
const HERE = { next: "/invitation" };
const GONE = 404;

/** Another link in the same window begins anew. */
export default function InvitationPage() {
  const token = useStore(held);
  const { state } = useStore(session);
  const restoring = useQuery({
    queryKey: ["session"],
    queryFn: async () => (await restore()).state,
    retry: false,
  });
  if (token === "") {
    return (
      <VisitorFrame title="An invitation">
        <Notice title="The link is incomplete">
          Open the whole link that you were given, with everything after #.
        </Notice>
        {state === "in" && <Link to="/tasks/projects">Go to your projects</Link>}
      </VisitorFrame>
    );
  }
  if (state === "in") return <Offered key={token} token={token} />;
  if (state === "unknown" && restoring.error) {
    const retry = () => void restoring.refetch();
    return (
      <VisitorFrame title="An invitation">
        <Failed what="It can't be shown yet" error={restoring.error} retry={retry} />
      </VisitorFrame>
    );
  }
  if (state === "unknown") return <Waiting />;
  return <Visitor />;
}

function Waiting() {
  return (
    <VisitorFrame title="An invitation">
      <Skeleton what="the invitation" rows={2} />
    </VisitorFrame>
  );
}

/** Who isn't signed in learns nothing of the project yet. */
function Visitor() {
  const { data: instance } = useQuery(instanceQuery);
  const open = instance?.registration_open === true;
  return (
    <VisitorFrame
      title="You are invited to a project"
      lead="Sign in to see which one it is, who asks you, and what you can do in it. The invitation waits here for a day."
      foot={
        instance && !open
          ? "Without an account? This Backline lets nobody register: ask its administrator for one."
          : undefined
      }
    >
      <div className={styles.does}>
        <Link className={signal} to="/sign-in" search={HERE}>
          Sign in
        </Link>
        {open && (
          <Link className={button.button} to="/register" search={HERE}>
            Make an account
          </Link>
        )}
      </div>
    </VisitorFrame>
  );
}

function Offered({ token }: { token: string }) {
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery);
  const { data, error, refetch } = useQuery({
    queryKey: ["invitation", token],
    queryFn: ({ signal }) =>
      http.post<Schemas["InvitationOffer"]>("/invitations/look", { token }, { signal }),
  });
  const enter = async (projectId: string) => {
    const params = { projectId };
    await navigate({ to: "/tasks/projects/$projectId", params, replace: true });
    dropInvitation();
  };
  const accepting = useMutation({
    mutationFn: () => http.post<Project>("/invitations/accept", { token }),
    onSuccess: async ({ id, name }) => {
      await queryClient.invalidateQueries({ queryKey: PROJECTS });
      toast({ text: `You are in “${name}” now.` });
      await enter(id);
    },
  });
  const leave = async () => {
    await navigate({ to: "/tasks/projects", replace: true });
    dropInvitation();
  };
  const foot: ReactNode = me && <>You are signed in as {me.email}.</>;
  if (error) {
    const gone = error instanceof Problem && error.status === GONE;
    return (
      <VisitorFrame title="An invitation" foot={foot}>
        {gone ? (
          <Notice title="This invitation lets nobody in any more">{error.message}</Notice>
        ) : (
          <Failed what="It can't be shown" error={error} retry={() => void refetch()} />
        )}
        {gone && <Button onClick={() => void leave()}>Go to your projects</Button>}
      </VisitorFrame>
    );
  }
  if (!data) return <Waiting />;
  if (data.is_member) {
    return (
      <VisitorFrame
        title={`You are in “${data.project_name}” already`}
        lead="The invitation is left for somebody else."
        foot={foot}
      >
        <Button look="signal" onClick={() => void enter(data.project_id)}>
          Open the project
        </Button>
      </VisitorFrame>
    );
  }
  const owner = data.owner_name === "" ? "Its owner" : data.owner_name;
  return (
    <VisitorFrame
      title={`Join “${data.project_name}”?`}
      lead={
        <>
          {owner} invites you as {WITH_ARTICLE[data.rank]}: you can {RANK_MAY[data.rank]}. Everybody
          in it sees your name.
        </>
      }
      foot={foot}
    >
      {accepting.isError && <Notice title="Not joined">{sentenceOf(accepting.error)}</Notice>}
      <div className={styles.does}>
        <Button look="signal" disabled={accepting.isPending} onClick={() => accepting.mutate()}>
          {accepting.isPending ? "Joining…" : "Join"}
        </Button>
        <Button look="bare" onClick={() => void leave()}>
          Not now
        </Button>
      </div>
      <p className="quiet">The invitation holds until {atTime(data.expires_at)}.</p>
    </VisitorFrame>
  );
}
