/** Bursts and edited copies beside each other, with the one that we would keep. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { Tag } from "@/ui/Tag";
import { deletePhoto } from "../actions";
import { Picture } from "../Picture";
import { groupsQuery } from "../queries";
import type { Group } from "../types";
import { dayOf, dayWords, photoName, plural } from "../words";
import styles from "./alike-page.module.css";

function One({ group }: { group: Group }) {
  const [best, ...others] = group.photos;
  if (!best) return null;
  const removeOthers = async () => {
    for (const photo of others) await deletePhoto(photo);
  };
  return (
    <section className={styles.group}>
      <header>
        <h2>{dayWords(dayOf(best))}</h2>
        <Button small icon="trash" onClick={() => void removeOthers()}>
          {`Delete ${plural(others.length, "other")}`}
        </Button>
      </header>
      <ul>
        {group.photos.map((photo) => (
          <li key={photo.id}>
            <Link
              to="/photos/$photoId"
              params={{ photoId: photo.id }}
              search={{ group: group.id }}
              aria-label={photoName(photo)}
            >
              <Picture photo={photo} sizes="220px" />
            </Link>
            <span>
              {photo.width} × {photo.height}
              {photo.id === group.best_id && <Tag tone="signal">Best</Tag>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export default function AlikePage() {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } =
    useInfiniteQuery(groupsQuery);
  const groups = data?.pages.flatMap((page) => page.items);
  if (error !== null) {
    return <Failed what="These photos can't be shown" error={error} retry={() => void refetch()} />;
  }
  if (!groups) return <Skeleton what="photos that look alike" rows={6} shape="tiles" />;
  if (groups.length === 0) {
    return (
      <Empty icon="photo" title="No two are alike">
        <p>
          Bursts and edited copies stand beside each other here, with the one that we would keep.
          Nothing is deleted by itself.
        </p>
      </Empty>
    );
  }
  return (
    <>
      {groups.map((group) => (
        <One key={group.id} group={group} />
      ))}
      {hasNextPage && (
        <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}
