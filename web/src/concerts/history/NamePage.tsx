/** What one has had with one artist or one venue: how often, first and last, and the concerts. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { Problem } from "@/api/problem";
import { useTelling } from "@/api/store";
import { IconButton } from "@/ui/Button";
import { Failed, Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import type { ConcertItem } from "../types";
import { AddConcert } from "./AddConcert";
import { ConcertTable } from "./ConcertTable";
import { EditConcert } from "./EditConcert";
import type { HistoryFilter, Sort } from "./filter";
import { shownHistory, type Beginning } from "./keys";
import { concertsQuery, type Names } from "./queries";
import { shortDay } from "./words";
import styles from "./name-page.module.css";

interface Known {
  name: string;
  count: number;
  first_on: string | null;
  last_on: string | null;
  /** What a concert that is added here begins with. */
  beginning: Beginning;
  /** Which concerts these are. */
  filter: HistoryFilter;
  /** Said under the name. */
  about?: ReactNode;
}

interface Props {
  names: Names;
  /** What it is: "artist". */
  what: string;
  known: Known | undefined;
  error: unknown;
  retry: () => void;
}

const GONE = 404;

function Figures({ known }: { known: Known }) {
  const { count, first_on, last_on } = known;
  return (
    <dl className={styles.figures}>
      <div>
        <dt>{count === 1 ? "Concert" : "Concerts"}</dt>
        <dd>{count.toLocaleString("en")}</dd>
      </div>
      {first_on !== null && (
        <div>
          <dt>{first_on === last_on ? "On" : "First"}</dt>
          <dd>{shortDay(first_on)}</dd>
        </div>
      )}
      {last_on !== null && last_on !== first_on && (
        <div>
          <dt>Last</dt>
          <dd>{shortDay(last_on)}</dd>
        </div>
      )}
    </dl>
  );
}

function Whole({ known }: { known: Known }) {
  const [sort, setSort] = useState<Sort>("-held_on");
  const [edited, setEdited] = useState<ConcertItem | null>(null);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    concertsQuery({ ...known.filter, sort }),
  );
  useTelling(shownHistory, known.beginning);
  return (
    <>
      <Figures known={known} />
      <ConcertTable
        concerts={data?.pages.flatMap((page) => page.items)}
        sort={sort}
        whole={false}
        empty={<p className="quiet">There are no concerts any more.</p>}
        error={error}
        retry={() => void refetch()}
        more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined}
        onSort={setSort}
        onEdit={setEdited}
      />
      {edited && <EditConcert id={edited.id} onClose={() => setEdited(null)} />}
    </>
  );
}

export function NamePage({ names, what, known, error, retry }: Props) {
  const navigate = useNavigate();
  const gone = error instanceof Problem && error.status === GONE;
  const all = `/concerts/${names}` as const;
  return (
    <Page title={known?.name ?? `An ${what}`} headless>
      <div className={styles.bar}>
        <IconButton icon="back" label={`All ${names}`} onClick={() => void navigate({ to: all })} />
        <span className={styles.between} />
        {known && <AddConcert beginning={known.beginning} />}
      </div>
      {gone && (
        <Notice tone="plain" title={`This ${what} isn't in your history`}>
          The concerts with it may have been deleted or changed. <Link to={all}>See all {names}</Link>
        </Notice>
      )}
      {error != null && !gone && (
        <Failed what={`This ${what} can't be shown`} error={error} retry={retry} />
      )}
      {!known && error == null && <Skeleton what={`this ${what}`} rows={6} />}
      {known && !gone && (
        <>
          <div className={styles.head}>
            <p className={styles.title} aria-hidden="true">
              {known.name}
            </p>
            {known.about !== undefined && <p className="quiet">{known.about}</p>}
          </div>
          <Whole known={known} />
        </>
      )}
    </Page>
  );
}
