/** All of one's concerts: the years, what narrows the list, and the list. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { useTelling } from "@/api/store";
import { Button } from "@/ui/Button";
import button from "@/ui/button.module.css";
import { classes } from "@/ui/classes";
import { ExportDialog } from "../exports/ExportDialog";
import type { ConcertItem } from "../types";
import { ConcertTable } from "./ConcertTable";
import { EditConcert } from "./EditConcert";
import { Filters } from "./Filters";
import { isNarrowed, saying, type HistoryFilter } from "./filter";
import { shownHistory } from "./keys";
import { NoConcerts } from "./NoConcerts";
import { concertsQuery } from "./queries";
import { Years } from "./Years";

const BEGINNING = {};

export default function HistoryPage() {
  const filter = useSearch({ from: "/in/concerts/" });
  const navigate = useNavigate();
  const [edited, setEdited] = useState<ConcertItem | null>(null);
  const [exporting, setExporting] = useState(false);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    concertsQuery(filter),
  );
  const concerts = data?.pages.flatMap((page) => page.items);
  useTelling(shownHistory, BEGINNING);

  const show = useCallback(
    (next: HistoryFilter) => void navigate({ to: "/concerts", search: next, replace: true }),
    [navigate],
  );
  const more = hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined;
  const some = (concerts?.length ?? 0) > 0;
  return (
    <>
      {(some || isNarrowed(filter)) && (
        <>
          <Years filter={filter} />
          <Filters filter={filter} onChange={show}>
            <Button small icon="download" onClick={() => setExporting(true)}>
              Export
            </Button>
            <Link to="/concerts/import" className={classes(button.button, button.buttonSmall)}>
              Import
            </Link>
          </Filters>
        </>
      )}
      <ConcertTable
        concerts={concerts}
        sort={filter.sort ?? "-held_on"}
        whole={!isNarrowed({ ...filter, year: undefined })}
        empty={<NoConcerts filter={filter} onClear={() => show({})} />}
        error={error}
        retry={() => void refetch()}
        more={more}
        onSort={(sort) => show(saying({ ...filter, sort: sort === "-held_on" ? undefined : sort }))}
        onEdit={setEdited}
      />
      {exporting && <ExportDialog filter={filter} onClose={() => setExporting(false)} />}
      {edited && <EditConcert id={edited.id} onClose={() => setEdited(null)} />}
    </>
  );
}
