/** Every device that is signed in, and the ways to end that. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sessionsQuery } from "./queries";
import { Button } from "@/ui/Button";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { EndOthers } from "./EndOthers";
import { SessionRow } from "./SessionRow";
import rows from "@/ui/rows.module.css";

export default function SessionsPage() {
  const [asking, setAsking] = useState(false);
  const { data, error, refetch } = useQuery({ ...sessionsQuery, refetchInterval: 30_000 });
  const sessions = data?.items;
  const others = sessions?.filter(({ current }) => !current).length ?? 0;
  return (
    <>
      <div className={rows.rowsHead}>
        <p>
          The devices that are signed in to your account. If one of them isn't yours, sign it out
          and change your password.
        </p>
        {others > 0 && (
          <Button icon="out" onClick={() => setAsking(true)}>
            Sign out everywhere else
          </Button>
        )}
      </div>
      {error && !sessions && (
        <Failed what="Your sessions can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!sessions && !error && <Skeleton what="your sessions" rows={3} />}
      {sessions && (
        <ul className={rows.rows} aria-label="Sessions">
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      )}
      {sessions && others === 0 && (
        <p className="quiet">You are signed in here and nowhere else.</p>
      )}
      {asking && <EndOthers count={others} onClose={() => setAsking(false)} />}
    </>
  );
}
