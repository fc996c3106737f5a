/** The list of concerts: its columns, its sorts, and what keys do to a row. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Listing } from "@/ui/Listing";
import type { Column } from "@/ui/listingHeads";
import type { ConcertItem } from "../types";
import { deleteConcert, isDraft } from "./actions";
import { ConcertCells } from "./ConcertCells";
import type { Sort } from "./filter";
import { timelineQuery } from "./queries";
import { yearOf } from "./words";
import styles from "./concert-table.module.css";

interface Props {
  /** What is listed: "your concerts". */
  what?: string;
  concerts: readonly ConcertItem[] | undefined;
  sort: Sort;
  /** Whether these are all of each year: then its count stands beside it. */
  whole: boolean;
  empty: ReactNode;
  error: unknown;
  retry: () => void;
  more: (() => void) | undefined;
  onSort: (sort: Sort) => void;
  onEdit: (concert: ConcertItem) => void;
}

const ROW_PX = 64;

const COLUMNS: readonly Column<Sort>[] = [
  { key: "year", name: "Year", unseen: true, look: styles.concertsYear },
  {
    key: "day",
    name: "Day",
    look: styles.concertsDay,
    sorts: [
      { value: "-held_on", direction: "descending" },
      { value: "held_on", direction: "ascending" },
    ],
  },
  { key: "cover", name: "Photo", unseen: true, look: styles.concertsCover },
  { key: "name", name: "Concert", look: styles.concertsName },
  { key: "venue", name: "Venue", look: styles.concertsVenue },
  { key: "photos", name: "Photos", look: styles.concertsPhotos },
  { key: "actions", name: "Actions", unseen: true, look: styles.concertsActions },
];

/** Those that begin a year. Sorted by when they were added, each may be of another. */
function beginnings(concerts: readonly ConcertItem[], sort: Sort): Map<string, number> {
  const found = new Map<string, number>();
  let before: number | null = null;
  for (const concert of concerts) {
    const year = yearOf(concert);
    if (year !== before || sort === "-created_at") found.set(concert.id, year);
    before = year;
  }
  return found;
}

export function ConcertTable(props: Props) {
  const { what = "your concerts", concerts, sort, whole, empty, error, retry, more } = props;
  const { onSort, onEdit } = props;
  const navigate = useNavigate();
  const { data: timeline } = useQuery(timelineQuery);
  const first = beginnings(concerts ?? [], sort);
  const counts = new Map(whole ? timeline?.years.map(({ year, count }) => [year, count]) : []);
  const open = (concert: ConcertItem) => {
    if (isDraft(concert)) return;
    void navigate({ to: "/concerts/$concertId", params: { concertId: concert.id } });
  };
  const onKey = (key: string, concert: ConcertItem) => {
    if (key !== "e" && key !== "Delete") return false;
    if (isDraft(concert)) return true;
    if (key === "e") onEdit(concert);
    else void deleteConcert(concert);
    return true;
  };
  return (
    <Listing
      what={what}
      columns={COLUMNS}
      items={concerts}
      keyOf={({ id }) => id}
      lookOf={({ id }) => first.has(id) && styles.concertFirst}
      cells={(concert) => {
        const year = first.get(concert.id);
        const count = sort === "-created_at" ? undefined : counts.get(year ?? 0);
        return (
          <ConcertCells
            concert={concert}
            year={year === undefined ? undefined : { year, count }}
            onOpen={open}
            onEdit={onEdit}
          />
        );
      }}
      empty={empty}
      error={error}
      retry={retry}
      more={more}
      sort={sort}
      onSort={onSort}
      onOpen={open}
      onKey={onKey}
      row_px={ROW_PX}
    />
  );
}
