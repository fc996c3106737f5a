/** Where photos come from: folders on the server and Google Drive; how far each scan is. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { DriveCard } from "../drive/DriveCard";
import { scansQuery } from "../queries";
import { NewScan } from "./NewScan";
import { ScanCard } from "./ScanCard";
import styles from "./scans.module.css";

export default function ScansPage() {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } =
    useInfiniteQuery(scansQuery);
  const scans = data?.pages.flatMap((page) => page.items);
  return (
    <div className={styles.scans}>
      <NewScan />
      <DriveCard />
      {error !== null && (
        <Failed what="Scans can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!scans && error === null && <Skeleton what="scans" rows={3} />}
      {scans?.length === 0 && (
        <Empty icon="folder" title="Nothing scanned yet">
          <p>
            A scan finds the photos in a folder or a Drive and leaves them where they are. It can
            pause, it survives a restart, and the next one looks only at what is new.
          </p>
        </Empty>
      )}
      {scans?.map((scan) => <ScanCard key={scan.id} scan={scan} />)}
      {hasNextPage && (
        <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </div>
  );
}
