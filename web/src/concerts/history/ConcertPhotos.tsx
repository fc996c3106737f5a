/** The photos of a concert, in the order in which they were taken. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { PhotoGrid } from "../grid/PhotoGrid";
import { photosQuery } from "../queries";
import type { Concert } from "../types";
import { plural } from "../words";
import styles from "./concert-page.module.css";

export function ConcertPhotos({ concert }: { concert: Concert }) {
  const filter = { concert: concert.id };
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    photosQuery(filter),
  );
  const photos = data?.pages.flatMap((page) => page.items);
  return (
    <section className={styles.photos}>
      <h2>
        Photos
        {concert.photo_count > 0 && <small>{plural(concert.photo_count, "photo")}</small>}
      </h2>
      {error !== null && (
        <Failed what="Its photos can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!photos && error === null && <Skeleton what="its photos" rows={6} shape="tiles" />}
      {photos?.length === 0 && (
        <p className="quiet">
          There are none yet. Those that you take at a show come here by their time and place;{" "}
          <Link to="/photos" search={{ day: concert.held_on }}>
            look at the photos of that day
          </Link>
          .
        </p>
      )}
      {photos !== undefined && photos.length > 0 && (
        <PhotoGrid
          photos={photos}
          filter={filter}
          days={null}
          more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined}
        />
      )}
    </section>
  );
}
