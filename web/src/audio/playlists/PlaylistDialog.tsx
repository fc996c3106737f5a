/** A playlist's name, what it is about and who sees it: for a new one, or to change one. */
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { Select } from "@/ui/Select";
import { useSubmit } from "@/ui/useSubmit";
import type { Playlist } from "../types";
import { editPlaylist, makePlaylist } from "./actions";
import type { Visibility } from "./queries";
import styles from "./playlists.module.css";

const LONGEST_NAME = 200;
const LONGEST_DESCRIPTION = 2_000;

export const VISIBILITIES: readonly { value: Visibility; name: string }[] = [
  { value: "private", name: "Only its members" },
  { value: "unlisted", name: "Everybody here who has its address" },
  { value: "public", name: "Everybody here" },
];

interface Props {
  playlist?: Playlist;
  onClose: () => void;
  onMade?: (playlist: Playlist) => void | Promise<void>;
}

export function PlaylistDialog({ playlist, onClose, onMade }: Props) {
  const form = useSubmit(
    async ({ name = "", description = "", visibility = "private" }) => {
      const said = { name: name.trim(), description, visibility: visibility as Visibility };
      if (playlist) await editPlaylist(playlist.id, said);
      else await onMade?.(await makePlaylist(said));
      onClose();
    },
    ["name", "description"],
  );
  return (
    <Dialog title={playlist ? "Edit playlist" : "New playlist"} onClose={onClose}>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={styles.form} onSubmit={form.submit}>
        <Field
          name="name"
          label="Name"
          defaultValue={playlist?.name}
          placeholder="For the van"
          required
          maxLength={LONGEST_NAME}
          autoComplete="off"
          fault={form.fault("name")}
        />
        <Field
          name="description"
          label="What it is for"
          defaultValue={playlist?.description}
          maxLength={LONGEST_DESCRIPTION}
          autoComplete="off"
          fault={form.fault("description")}
        />
        <Select
          label="Who may listen"
          name="visibility"
          options={VISIBILITIES}
          defaultValue={playlist?.visibility ?? "private"}
        />
        <DialogActions
          form={form}
          send={playlist ? "Save" : "Make playlist"}
          sending={playlist ? "Saving…" : "Making…"}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
