/** Concerts out of a table: a file is brought, looked at row by row, and only then added. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "@/ui/Button";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { pickFiles } from "@/uploads/face";
import { ImportCard } from "./ImportCard";
import { importsQuery } from "./queries";
import { tables } from "./taking";
import styles from "./imports.module.css";

const EXAMPLE = `date,artist,venue,city,country,notes
2024-07-06,The Lumens,Lido,Berlin,DE,Third row`;

export default function ImportPage() {
  const { data, error, refetch } = useQuery(importsQuery);
  return (
    <div className={styles.imports}>
      <section className={styles.about}>
        <p>
          Bring a table (CSV) from a spreadsheet or another service, or one that was exported here.
          Its first line names the columns; rows of one day and venue are one concert. Nothing is
          added before you have seen what it would be.
        </p>
        <pre aria-label="An example">{EXAMPLE}</pre>
        <Button look="signal" icon="upload" onClick={() => pickFiles(tables)}>
          Choose a file
        </Button>
      </section>
      {error !== null && <Failed what="Your imports can’t be shown" error={error} retry={() => void refetch()} />}
      {!data && error === null && <Skeleton what="your imports" rows={3} />}
      {data?.items.map((each) => <ImportCard key={each.id} brought={each} />)}
    </div>
  );
}
