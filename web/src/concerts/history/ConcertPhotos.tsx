/** The photos of a concert, in the order in which they were taken; selected, they move elsewhere. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type KeyboardEvent } from "react";
import { useTelling } from "@/api/store";
import { Button } from "@/ui/Button";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { PhotoGrid } from "../grid/PhotoGrid";
import { useSelection } from "../grid/selection";
import { MoveDialog } from "../moving/MoveDialog";
import { photosQuery } from "../queries";
import type { Concert } from "../types";
import { plural } from "../words";
import { shownPhotos } from "./keys";
import { SelectionBar } from "./SelectionBar";
import styles from "./concert-page.module.css";

export function ConcertPhotos({ concert }: { concert: Concert }) {
  const filter = { concert: concert.id };
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    photosQuery(filter),
  );
  const photos = data?.pages.flatMap((page) => page.items);
  const { selected, select, selection } = useSelection(photos ?? []);
  const [moving, setMoving] = useState(false);
  const count = selected === "all" ? concert.photo_count : (selected?.size ?? 0);
  const move = () => {
    if (count > 0) setMoving(true);
  };

  useTelling(shownPhotos, { toggle: (id) => selection.toggle(id, false), move });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && selected !== null && !moving) select(null);
  };

  return (
    // Esc ends what was begun with the buttons in it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section className={styles.photos} aria-label="Photos" onKeyDown={onKeyDown}>
      <div className={styles.photosHead}>
        <h2>
          Photos
          {concert.photo_count > 0 && <small>{plural(concert.photo_count, "photo")}</small>}
        </h2>
        {selected === null && photos !== undefined && photos.length > 0 && (
          <Button small icon="check" onClick={() => select(new Set())}>
            Select
          </Button>
        )}
      </div>
      {selected !== null && (
        <SelectionBar
          count={count}
          isAll={selected === "all"}
          onAll={() => select("all")}
          onMove={move}
          onDone={() => select(null)}
        />
      )}
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
          selection={selected === null ? undefined : selection}
          more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined}
        />
      )}
      {moving && selected !== null && (
        <MoveDialog
          moved={{ from: concert.id, ids: selected === "all" ? "all" : [...selected], count }}
          day={concert.held_on}
          concert={concert.id}
          onClose={() => setMoving(false)}
          onMoved={() => select(null)}
        />
      )}
    </section>
  );
}
