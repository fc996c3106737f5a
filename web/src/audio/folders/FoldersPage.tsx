/** Folders on the server that one's music comes from: which, and how their scans stand. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Field } from "@/ui/Field";
import { Failed, Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { useSubmit } from "@/ui/useSubmit";
import { LibraryFrame } from "../library/LibraryFrame";
import { startScan } from "./actions";
import { FolderCard } from "./FolderCard";
import { foldersQuery, scansQuery } from "./queries";
import styles from "./folders.module.css";

function NewFolder({ open }: { open: string[] }) {
  const form = useSubmit(async (values) => startScan((values.path ?? "").trim()), ["path"]);
  return (
    <>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={styles.begin} onSubmit={form.submit}>
        <Field
          name="path"
          label="Folder on the server"
          placeholder={open[0] ?? ""}
          required
          autoComplete="off"
          spellCheck={false}
          hint={`Open to scans: ${open.join(", ")}`}
          fault={form.fault("path")}
        />
        <Button type="submit" look="signal" disabled={form.pending}>
          {form.pending ? "Beginning…" : "Scan"}
        </Button>
      </form>
    </>
  );
}

export default function FoldersPage() {
  const { data, error, refetch } = useQuery(foldersQuery);
  const { data: scans } = useQuery(scansQuery);
  const folders = data?.items;
  const isOpen = data !== undefined && data.open.length > 0;
  return (
    <LibraryFrame>
      <div className={styles.folders}>
        {isOpen && <NewFolder open={data.open} />}
        {error !== null && (
          <Failed what="Folders can't be shown" error={error} retry={() => void refetch()} />
        )}
        {!folders && error === null && <Skeleton what="folders" rows={3} />}
        {folders?.length === 0 && (
          <Empty icon="folder" title={isOpen ? "No folders yet" : "No folder is open"}>
            {isOpen ? (
              <p>
                A scan takes the music in a folder on the server into your library and leaves it
                where it is. Later ones look only at what has changed.
              </p>
            ) : (
              <p>
                Music that lies on the server can be played from where it is. Its operator opens
                folders by the setting <code>BACKLINE_MUSIC_FOLDERS</code>.
              </p>
            )}
          </Empty>
        )}
        {folders?.map((folder) => (
          <FolderCard
            key={folder.id}
            folder={folder}
            scan={scans?.items.find((scan) => scan.folder_id === folder.id)}
          />
        ))}
      </div>
    </LibraryFrame>
  );
}
