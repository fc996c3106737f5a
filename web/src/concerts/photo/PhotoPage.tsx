/** One photo large: arrows go to its neighbours, and what is known of it stands beside. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useLayoutEffect, useState } from "react";
import { useTelling } from "@/api/store";
import { Button, IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Icon } from "@/ui/Icon";
import { Failed, Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { deletePhoto, retryPhoto, setStar } from "../actions";
import { shownPhoto, startArrows } from "../keys";
import { MoveDialog } from "../moving/MoveDialog";
import { Picture } from "../Picture";
import { photoQuery, photosQuery } from "../queries";
import type { Photo } from "../types";
import { photoName } from "../words";
import { EditDialog } from "./EditDialog";
import { Facts } from "./Facts";
import styles from "./photo-page.module.css";

const NEAR = 5;

/** Those before and after it in the list that one came from. */
function useNeighbours(id: string) {
  const filter = useSearch({ from: "/in/photos/$photoId" });
  const { data, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    photosQuery(filter),
  );
  const photos = data?.pages.flatMap((page) => page.items) ?? [];
  const at = photos.findIndex((photo) => photo.id === id);
  const near = at >= 0 && at >= photos.length - NEAR && hasNextPage && !isFetchingNextPage;
  useEffect(() => {
    if (near) void fetchNextPage();
  }, [near, fetchNextPage]);
  return {
    filter,
    previous: at > 0 ? photos[at - 1]?.id : undefined,
    next: at >= 0 ? photos[at + 1]?.id : undefined,
  };
}

function Stage({ photo, zoomed, onZoom }: { photo: Photo; zoomed: boolean; onZoom: () => void }) {
  if (photo.status === "processing") {
    return <Skeleton what="this photo" rows={1} shape="block" />;
  }
  if (photo.status === "failed") {
    return (
      <Notice
        title="This photo couldn't be read"
        action={
          <Button icon="retry" onClick={() => void retryPhoto(photo)}>
            Try again
          </Button>
        }
      >
        {photo.error ?? "Nobody knows why."}
      </Notice>
    );
  }
  if (photo.thumbnail === null && photo.remote_url !== null) {
    return (
      <div className={styles.elsewhere}>
        <Icon name="photo" size={40} />
        <p>This picture lies in your Google Drive. Backline knows when and where it was taken.</p>
        <a href={photo.remote_url} target="_blank" rel="noreferrer">
          Open it in Google Drive
        </a>
      </div>
    );
  }
  return (
    <button
      type="button"
      className={classes(styles.zoom, zoomed && styles.zoomed)}
      aria-label={zoomed ? "Zoom out" : "Zoom in"}
      onClick={onZoom}
    >
      <Picture
        key={photo.id}
        photo={photo}
        sizes={zoomed ? "1200px" : "(width < 900px) 100vw, calc(100vw - 460px)"}
        fit="contain"
        eager
      />
    </button>
  );
}

export default function PhotoPage() {
  const { photoId } = useParams({ from: "/in/photos/$photoId" });
  const navigate = useNavigate();
  const { data: photo, error, refetch } = useQuery(photoQuery(photoId));
  const { filter, previous, next } = useNeighbours(photoId);
  const [zoomed, setZoomed] = useState(false);
  const [open, setOpen] = useState(true);
  const [editing, setEditing] = useState(false);
  const [moving, setMoving] = useState(false);

  const go = (id: string | undefined) =>
    id === undefined
      ? null
      : () => {
          setZoomed(false);
          void navigate({ to: "/photos/$photoId", params: { photoId: id }, search: filter, replace: true });
        };
  const back = () =>
    void (filter.concert === undefined
      ? navigate({ to: "/photos", search: filter })
      : navigate({ to: "/concerts/$concertId", params: { concertId: filter.concert } }));
  const star = () => {
    if (photo) void setStar(photo, !photo.starred);
  };
  const toPrevious = go(previous);
  const toNext = go(next);

  useTelling(shownPhoto, {
    previous: toPrevious,
    next: toNext,
    star,
    zoom: () => setZoomed((now) => !now),
    details: () => setOpen((now) => !now),
    move: () => setMoving(true),
    close: back,
  });
  useLayoutEffect(startArrows, []);

  /** To the next one that is still in the list, which this one leaves. */
  const leave = () => {
    if (next === undefined && previous === undefined) back();
    else (toNext ?? toPrevious)?.();
  };
  const remove = async () => {
    if (!photo) return;
    leave();
    await deletePhoto(photo);
  };

  return (
    <Page title={photo ? photoName(photo) : "Photo"} headless>
      {error !== null && (
        <Failed what="This photo can't be shown" error={error} retry={() => void refetch()} />
      )}
      <div className={classes(styles.photo, !open && styles.alone)}>
        <div className={styles.bar}>
          <IconButton
            icon="back"
            label={filter.concert === undefined ? "All photos" : "The concert"}
            onClick={back}
          />
          <span className={styles.between} />
          <IconButton icon="previous" label="The photo before" disabled={!toPrevious} onClick={() => toPrevious?.()} />
          <IconButton icon="next" label="The next photo" disabled={!toNext} onClick={() => toNext?.()} />
          {photo && (
            <>
              <IconButton
                icon={photo.starred ? "starred" : "star"}
                label="Star"
                aria-pressed={photo.starred}
                onClick={star}
              />
              <IconButton icon="edit" label="Edit" onClick={() => setEditing(true)} />
              <IconButton icon="trash" label="Delete" onClick={() => void remove()} />
            </>
          )}
          <IconButton
            icon="text"
            label="Details"
            aria-pressed={open}
            onClick={() => setOpen(!open)}
          />
        </div>
        <div className={styles.stage}>
          {photo ? (
            <Stage photo={photo} zoomed={zoomed} onZoom={() => setZoomed(!zoomed)} />
          ) : (
            error === null && <Skeleton what="this photo" rows={1} shape="block" />
          )}
        </div>
        {photo && open && (
          <Facts photo={photo} onEdit={() => setEditing(true)} onMove={() => setMoving(true)} />
        )}
      </div>
      {photo && moving && (
        <MoveDialog
          moved={{ from: photo.concert_id, ids: [photo.id], count: 1 }}
          day={photo.taken_at?.slice(0, 10)}
          concert={photo.concert_id}
          onClose={() => setMoving(false)}
          onMoved={() => {
            if (filter.concert !== undefined) leave();
          }}
        />
      )}
      {photo && editing && <EditDialog photo={photo} onClose={() => setEditing(false)} />}
    </Page>
  );
}
