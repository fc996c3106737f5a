/** What is known of a photo: when, where, with which camera; and what is odd about that. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "@/ui/Button";
import { bytes } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { retryPhoto } from "../actions";
import { isWaiting, StarNote } from "../drive/StarNote";
import { concertQuery } from "../history/queries";
import { concertName } from "../history/words";
import type { Photo } from "../types";
import { around, dayOf, momentWords, offsetWords, placeWords, sourceWords } from "../words";
import styles from "./facts.module.css";

function When({ photo }: { photo: Photo }) {
  const { taken_at } = photo;
  if (taken_at === null) return <dd>Nobody knows</dd>;
  const offset = offsetWords(taken_at);
  const source = sourceWords(photo.offset_source);
  const details = [offset ?? "its time zone isn't known", ...(source === null ? [] : [source])];
  return (
    <dd>
      <Link to="/photos" search={{ day: dayOf(photo) }}>
        {momentWords(taken_at)}
      </Link>
      <small>{details.join(", ")}</small>
    </dd>
  );
}

function Where({ photo }: { photo: Photo }) {
  if (photo.location === null) return <dd>Nobody knows</dd>;
  const { latitude, longitude } = photo.location;
  return (
    <dd>
      <Link to="/photos" search={{ within: around(latitude, longitude) }}>
        {placeWords(latitude, longitude)}
      </Link>
      {photo.place_error_m !== null && <small>within {Math.ceil(photo.place_error_m)} m</small>}
    </dd>
  );
}

/** Which concert it is of, by its name once that is here. */
function AtConcert({ id }: { id: string }) {
  const { data } = useQuery(concertQuery(id));
  return (
    <dd>
      <Link to="/concerts/$concertId" params={{ concertId: id }}>
        {data === undefined ? "A concert" : concertName(data)}
      </Link>
    </dd>
  );
}

interface Props {
  photo: Photo;
  onEdit: () => void;
  onMove: () => void;
}

export function Facts({ photo, onEdit, onMove }: Props) {
  const { width, height, camera, error, original, group_id, warnings } = photo;
  return (
    <aside className={styles.facts} aria-label="Details">
      <h2>{photo.filename}</h2>
      {photo.alt_text !== "" && <p>{photo.alt_text}</p>}
      {warnings.map(({ kind, detail }) => (
        <Notice key={kind} tone="plain">
          {detail}
        </Notice>
      ))}
      {error !== null && photo.status === "ready" && (
        <Notice
          action={
            <Button small icon="retry" onClick={() => void retryPhoto(photo)}>
              Try again
            </Button>
          }
        >
          {error}
        </Notice>
      )}
      {isWaiting(photo) && <StarNote photo={photo} />}
      <dl>
        <dt>When</dt>
        <When photo={photo} />
        <dt>Where</dt>
        <Where photo={photo} />
        {photo.concert_id !== null && (
          <>
            <dt>Concert</dt>
            <AtConcert id={photo.concert_id} />
          </>
        )}
        {camera !== "" && (
          <>
            <dt>Camera</dt>
            <dd>{camera}</dd>
          </>
        )}
        <dt>Picture</dt>
        <dd>
          {width !== null && height !== null && `${width} × ${height}, `}
          {bytes(photo.size_bytes)}
        </dd>
        <dt>Original</dt>
        <dd>
          {original !== null && (
            <a href={original} download={photo.filename}>
              Download
            </a>
          )}
          {original === null && photo.remote_url !== null && (
            <a href={photo.remote_url} target="_blank" rel="noreferrer">
              Open in Google Drive
            </a>
          )}
          {original === null &&
            photo.remote_url === null &&
            (photo.source === "drive"
              ? "Not in your Google Drive any more"
              : "In its folder; a star brings a copy here")}
        </dd>
        {group_id !== null && (
          <>
            <dt>Alike</dt>
            <dd>
              <Link to="/photos" search={{ group: group_id }}>
                Show those like it
              </Link>
              {photo.is_best && <small>the best of them, as it seems</small>}
            </dd>
          </>
        )}
      </dl>
      <div className={styles.buttons}>
        <Button icon="edit" onClick={onEdit}>
          Edit
        </Button>
        <Button icon="ticket" onClick={onMove}>
          Move to a concert
        </Button>
      </div>
    </aside>
  );
}
