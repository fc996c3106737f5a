/** The files of which no track came, each with the reason; tried again one by one or all. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "@/ui/Button";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { tellScan } from "./actions";
import { failuresQuery, type MusicScan } from "./queries";
import styles from "./folders.module.css";

export function Failures({ scan }: { scan: MusicScan }) {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    failuresQuery(scan.id),
  );
  const failures = data?.pages.flatMap((page) => page.items);
  if (error !== null) {
    return <Failed what="Failures can't be shown" error={error} retry={() => void refetch()} />;
  }
  if (!failures) return <Skeleton what="what failed" rows={3} />;
  return (
    <div className={styles.failures}>
      <Button small icon="retry" onClick={() => void tellScan(scan, "retry")}>
        Try all again
      </Button>
      <ul>
        {failures.map(({ id, path, error: reason }) => (
          <li key={id}>
            <span>
              <strong>{path}</strong>
              <small>{reason}</small>
            </span>
            <Button small look="bare" onClick={() => void tellScan(scan, "retry", [id])}>
              Try again
            </Button>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button small disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </div>
  );
}
