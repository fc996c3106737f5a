/** What was done with one's account, by oneself and by others. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { meQuery } from "@/api/queries";
import { myAuditQuery } from "./queries";
import { Entries } from "@/shell/audit/Entries";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import rows from "@/ui/rows.module.css";

export default function ActivityPage() {
  const { data: me } = useQuery(meQuery);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInfiniteQuery(myAuditQuery);
  const entries = data?.pages.flatMap((page) => page.items);
  return (
    <>
      <div className={rows.rowsHead}>
        <p>
          What happened to your account in the last 400 days. If something here wasn't you,{" "}
          <Link to="/account/security">change your password</Link> and{" "}
          <Link to="/account/sessions">sign out the other devices</Link>.
        </p>
      </div>
      {error && !entries && (
        <Failed what="Your activity can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!entries && !error && <Skeleton what="your activity" />}
      {entries?.length === 0 && (
        <Empty icon="check" title="Nothing has happened yet">
          <p>Signing in, a new password, a new token: whatever touches your account is told here.</p>
        </Empty>
      )}
      {entries && entries.length > 0 && (
        <Entries entries={entries} reader={{ me: me?.id }} />
      )}
      {hasNextPage && (
        <div>
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? "Fetching more…" : "Show more"}
          </Button>
        </div>
      )}
    </>
  );
}
