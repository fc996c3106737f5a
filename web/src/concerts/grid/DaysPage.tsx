/** All photos by the day they were taken on, or those of one day, one place, one group. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "@/ui/Button";
import button from "@/ui/button.module.css";
import { Empty } from "@/ui/Empty";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { pickFiles } from "@/uploads/face";
import { isFiltered } from "../filter";
import { daysQuery, photosQuery } from "../queries";
import { pictures } from "../taking";
import type { Filter } from "../types";
import { dayWords } from "../words";
import { PhotoGrid } from "./PhotoGrid";
import styles from "./days-page.module.css";

function told({ concert, day, within, group, source }: Filter): string[] {
  return [
    ...(concert === undefined ? [] : ["From one concert"]),
    ...(day === undefined ? [] : [dayWords(day)]),
    ...(within === undefined ? [] : ["From one place"]),
    ...(group === undefined ? [] : ["Alike"]),
    ...(source === undefined ? [] : ["From one source"]),
  ];
}

function NoPhotos({ filter }: { filter: Filter }) {
  if (isFiltered(filter)) return <p className="quiet">There are no such photos.</p>;
  return (
    <Empty
      icon="photo"
      title="No photos yet"
      action={
        <div className={styles.actions}>
          <Button look="signal" icon="upload" onClick={() => pickFiles(pictures)}>
            Choose photos
          </Button>
          <Link to="/photos/scans" className={button.button}>
            Scan a folder
          </Link>
        </div>
      }
    >
      <p>
        Drop the photos of your nights out anywhere on this page. Each is put where it belongs: by
        the day and the place it was taken at, at the time that was on the clock there.
      </p>
    </Empty>
  );
}

export default function DaysPage() {
  const filter = useSearch({ from: "/in/photos/" });
  const navigate = useNavigate();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    photosQuery(filter),
  );
  const { data: days } = useQuery({ ...daysQuery, enabled: !isFiltered(filter) });
  const photos = data?.pages.flatMap((page) => page.items);
  const failed = error !== null;
  const words = told(filter);
  const { starred = false, ...others } = filter;
  const toggle = () =>
    void navigate({
      to: "/photos",
      search: starred ? others : { ...filter, starred: true },
      replace: true,
    });
  return (
    <>
      {(isFiltered(filter) || (photos?.length ?? 0) > 0) && (
        <div className={styles.filters}>
          {filter.concert === undefined && (
            <Button small icon={starred ? "starred" : "star"} aria-pressed={starred} onClick={toggle}>
              Starred
            </Button>
          )}
          {words.length > 0 && (
            <p>
              {words.join(" · ")}{" "}
              <Link to="/photos" search={starred ? { starred: true } : {}}>
                Show all
              </Link>
            </p>
          )}
        </div>
      )}
      {failed && (
        <Failed what="Your photos can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!photos && !failed && <Skeleton what="your photos" rows={18} shape="tiles" />}
      {photos?.length === 0 && <NoPhotos filter={filter} />}
      {photos !== undefined && photos.length > 0 && (
        <PhotoGrid
          photos={photos}
          filter={filter}
          days={days?.days ?? []}
          more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined}
        />
      )}
    </>
  );
}
