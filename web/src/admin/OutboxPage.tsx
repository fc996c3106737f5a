/** The messages to people: sent, waiting, failed, or kept here where no mail server is set. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { instanceQuery } from "@/api/queries";
import { outboxQuery } from "./queries";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed, Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { MessageDialog } from "./MessageDialog";
import { OutboxRow } from "./OutboxRow";
import rows from "@/ui/rows.module.css";

const EXAMPLE = "BACKLINE_SMTP_URL=smtp://user:password@mail.example.org:587";

export default function OutboxPage() {
  const { message } = useSearch({ from: "/in/admin/outbox" });
  const navigate = useNavigate();
  const { data: instance } = useQuery(instanceQuery);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInfiniteQuery({ ...outboxQuery, refetchInterval: 10_000 });
  const items = data?.pages.flatMap((page) => page.items);
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
            Links to confirm an address or to choose a new password pass through here. With a mail
            server they are sent; without one they stay here for a week, and you hand them over
            yourself.
          </p>
          {instance?.sends_mail === false && (
            <>
              <p className="quiet">To have them sent, start Backline with your mail server:</p>
              <pre translate="no">{EXAMPLE}</pre>
            </>
          )}
        </Empty>
      )}
      {instance?.sends_mail === false && items && items.length > 0 && (
        <Notice tone="plain" title="Messages are kept here, not sent">
          Open one to hand its link to the person it is for. To have them sent, start Backline with
          your mail server in <code>BACKLINE_SMTP_URL</code>.
        </Notice>
      )}
      {items && items.length > 0 && (
        <ul className={rows.rows} aria-label="Messages">
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
