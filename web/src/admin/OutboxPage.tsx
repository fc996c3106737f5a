/** The messages to people: sent, waiting, failed, or kept here where no mail server is set. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { outboxQuery } from "@/api/securityQueries";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed, Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { MessageDialog } from "./MessageDialog";
import { OutboxRow } from "./OutboxRow";
import "@/ui/rows.css";
import "./outbox.css";

const howTo = (
  <>
    To have them sent, start Backline with <code>BACKLINE_SMTP_URL</code>, for example{" "}
    <code>smtps://name:password@mail.example.org</code>.
  </>
);

export default function OutboxPage() {
  const { message } = useSearch({ from: "/in/admin/outbox" });
  const navigate = useNavigate();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInfiniteQuery({ ...outboxQuery, refetchInterval: 10_000 });
  const items = data?.pages.flatMap((page) => page.items);
  const keeps = items?.[0]?.state === "kept";
  const close = () => void navigate({ to: "/admin/outbox", replace: true });
  return (
    <>
      {error && !items && (
        <Failed what="The outbox can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!items && !error && <Skeleton what="the outbox" />}
      {items?.length === 0 && (
        <Empty icon="mail" title="No messages yet">
          <p>
            Links to verify an address or to choose a new password pass through here. Without a mail
            server they stay here, and you hand them over yourself.
          </p>
          <p className="quiet">{howTo}</p>
        </Empty>
      )}
      {keeps && (
        <Notice tone="plain" title="Messages are kept here, not sent">
          Open one to hand its link to the person it is for. {howTo}
        </Notice>
      )}
      {items && items.length > 0 && (
        <ul className="rows" aria-label="Messages">
          {items.map((item) => (
            <OutboxRow key={item.id} item={item} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <div>
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? "Fetching more…" : "Show more"}
          </Button>
        </div>
      )}
      {message !== undefined && <MessageDialog id={message} onClose={close} />}
    </>
  );
}
