/** The history as a file: asked for in one of three forms, made while one watches, kept for a week. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Failed } from "@/ui/Notice";
import { isNarrowed, type HistoryFilter } from "../history/filter";
import { makeExport } from "./actions";
import { ExportRow } from "./ExportRow";
import { exportsQuery, type Format } from "./queries";
import styles from "./export-dialog.module.css";

const FORMS = [
  { format: "pdf", name: "PDF", about: "To read and to print: each night with its bill, setlists and photos." },
  { format: "csv", name: "CSV", about: "For spreadsheets, a row for each artist. It can be imported again." },
  { format: "json", name: "JSON", about: "For programs, with all that is known." },
] as const;

interface Props {
  filter: HistoryFilter;
  onClose: () => void;
}

export function ExportDialog({ filter, onClose }: Props) {
  // Addresses of files last for a while only: they are fresh when the dialog opens.
  const { data, error, refetch } = useQuery({ ...exportsQuery, staleTime: 0 });
  const [asking, setAsking] = useState<Format | null>(null);
  const make = async (format: Format) => {
    setAsking(format);
    await makeExport(format, filter);
    setAsking(null);
  };
  return (
    <Dialog title="Export" onClose={onClose}>
      <p>
        {isNarrowed(filter)
          ? "The concerts that the list shows now, as a file. It is kept for a week."
          : "Your whole history as a file. It is kept for a week."}
      </p>
      <ul className={styles.forms}>
        {FORMS.map(({ format, name, about }) => (
          <li key={format}>
            <Button disabled={asking !== null} onClick={() => void make(format)}>
              {name}
            </Button>
            <span className="quiet">{about}</span>
          </li>
        ))}
      </ul>
      {error && <Failed what="Your files can’t be shown" error={error} retry={() => void refetch()} />}
      {data !== undefined && data.items.length > 0 && (
        <ul className={styles.files} aria-label="Files">
          {data.items.map((each) => (
            <ExportRow key={each.id} made={each} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}
