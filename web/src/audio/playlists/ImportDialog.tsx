/** A playlist of a file of another program's, and what of it isn't in one's library. */
import { useState } from "react";
import { Link } from "@tanstack/react-router";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import type { Schemas } from "@/api/types";
import { Button } from "@/ui/Button";
import button from "@/ui/button.module.css";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { PLAYLISTS } from "./queries";
import styles from "./playlists.module.css";

type Imported = Schemas["Imported"];

const MOST_BYTES = 900_000;

function Result({ made, onClose }: { made: Imported; onClose: () => void }) {
  const { playlist, missing, missing_count } = made;
  return (
    <Dialog title={`Made “${playlist.name}”`} onClose={onClose}>
      <p>
        {playlist.entry_count} of {playlist.entry_count + missing_count} tracks are in it.
        {missing_count > 0 && " These aren't in your library:"}
      </p>
      {missing_count > 0 && (
        <ol className={styles.missing}>
          {missing.map(({ title, artist, path }, at) => (
            <li key={at}>{[artist, title].filter(Boolean).join(" – ") || path}</li>
          ))}
        </ol>
      )}
      {missing_count > missing.length && <p>And {missing_count - missing.length} more.</p>}
      <div className={button.formActions}>
        <Link
          className={button.button}
          to="/playlists/$playlistId"
          params={{ playlistId: playlist.id }}
        >
          Open it
        </Link>
        <Button look="bare" onClick={onClose}>
          Close
        </Button>
      </div>
    </Dialog>
  );
}

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [made, setMade] = useState<Imported | null>(null);
  const form = useSubmit(async () => {
    if (!file) return;
    setMade(await http.post<Imported>("/playlists/import", { text: await file.text() }));
    await queryClient.invalidateQueries({ queryKey: PLAYLISTS });
  }, []);
  if (made) return <Result made={made} onClose={onClose} />;
  const large = file !== null && file.size > MOST_BYTES;
  return (
    <Dialog title="Import a playlist" onClose={onClose}>
      <p>
        M3U8 and XSPF files are taken. What they name is looked for among your tracks, by title,
        artist, length and file name.
      </p>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      {large && <Notice>This file is too large for a playlist.</Notice>}
      <form className={styles.form} onSubmit={form.submit}>
        <label className={styles.file}>
          <span>Playlist file</span>
          <input
            type="file"
            accept=".m3u,.m3u8,.xspf,audio/x-mpegurl,application/xspf+xml"
            required
            onChange={(event) => setFile(event.target.files?.[0] ?? null)}
          />
        </label>
        <DialogActions
          form={form}
          send="Import"
          sending="Importing…"
          disabled={!file || large}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
