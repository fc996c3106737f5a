/** One concert: when and where, who played what, the photos of it, and why it is believed in. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Problem } from "@/api/problem";
import { useTelling } from "@/api/store";
import { Button, IconButton } from "@/ui/Button";
import { Failed, Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { Tag } from "@/ui/Tag";
import type { Concert } from "../types";
import { deleteConcert, editConcert } from "./actions";
import { Bill } from "./Bill";
import { ConcertDialog } from "./ConcertDialog";
import { ConcertPhotos } from "./ConcertPhotos";
import { Facts } from "./Facts";
import { shownConcert } from "./keys";
import { concertQuery } from "./queries";
import { cityWords, concertName, longDays } from "./words";
import styles from "./concert-page.module.css";

const GONE = 404;
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", timeZone: "UTC" });
const month = new Intl.DateTimeFormat(undefined, { month: "short", timeZone: "UTC" });

/** The day as on a ticket. */
function Stub({ held_on }: Pick<Concert, "held_on">) {
  const date = new Date(`${held_on}T00:00:00Z`);
  return (
    <div className={styles.stub} aria-hidden="true">
      <span>{month.format(date)}</span>
      <strong>{day.format(date)}</strong>
      <span>{held_on.slice(0, 4)}</span>
    </div>
  );
}

function Head({ concert }: { concert: Concert }) {
  const { venue, festival } = concert;
  return (
    <header className={styles.head}>
      <Stub held_on={concert.held_on} />
      <div className={styles.words}>
        <p className={styles.when}>
          <time dateTime={concert.held_on}>{longDays(concert)}</time>
          {festival && <Tag>Festival</Tag>}
        </p>
        <p className={styles.title} aria-hidden="true">
          {concertName(concert)}
        </p>
        {venue === null ? (
          <p className="quiet">Nobody knows where</p>
        ) : (
          <p className={styles.where}>
            {venue.id === "" ? (
              venue.name
            ) : (
              <Link to="/concerts/venues/$venueId" params={{ venueId: venue.id }}>
                {venue.name}
              </Link>
            )}
            <span>{cityWords(venue)}</span>
          </p>
        )}
      </div>
    </header>
  );
}

function Whole({ concert }: { concert: Concert }) {
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const remove = async () => {
    await navigate({ to: "/concerts" });
    await deleteConcert(concert);
  };

  useTelling(shownConcert, { edit: () => setEditing(true), remove: () => void remove() });

  return (
    <>
      <div className={styles.bar}>
        <IconButton icon="back" label="All concerts" onClick={() => void navigate({ to: "/concerts" })} />
        <span className={styles.between} />
        <Button icon="edit" onClick={() => setEditing(true)}>
          Edit
        </Button>
        <Button icon="trash" onClick={() => void remove()}>
          Delete
        </Button>
      </div>
      <div className={styles.concert}>
        <Head concert={concert} />
        <div className={styles.main}>
          <Bill concert={concert} onEdit={() => setEditing(true)} />
          {concert.notes.trim() !== "" && (
            <section>
              <h2>Notes</h2>
              <p className={styles.notes}>{concert.notes.trim()}</p>
            </section>
          )}
        </div>
        <Facts concert={concert} />
      </div>
      <ConcertPhotos key={concert.id} concert={concert} />
      {editing && (
        <ConcertDialog
          concert={concert}
          onClose={() => setEditing(false)}
          onChange={(patch) => editConcert(concert.id, patch)}
        />
      )}
    </>
  );
}

export default function ConcertPage() {
  const { concertId } = useParams({ from: "/in/concerts/$concertId" });
  const { data: concert, error, refetch } = useQuery(concertQuery(concertId));
  const gone = error instanceof Problem && error.status === GONE;
  return (
    <Page title={concert ? concertName(concert) : "Concert"} headless>
      {gone && (
        <Notice tone="plain" title="This concert isn't here">
          It may have been deleted, or its address mistyped.{" "}
          <Link to="/concerts">Go to your concerts</Link>
        </Notice>
      )}
      {error !== null && !gone && (
        <Failed what="This concert can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!concert && error === null && <Skeleton what="this concert" shape="block" rows={2} />}
      {concert && !gone && <Whole key={concert.id} concert={concert} />}
    </Page>
  );
}
