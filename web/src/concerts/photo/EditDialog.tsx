/** What a person can say of a photo: its words for those who can't see it, its time, its place. */
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { editPhoto } from "../actions";
import type { Photo, PhotoPatch } from "../types";
import styles from "./edit-dialog.module.css";

const LONGEST_TEXT = 1_000;
const WALL_CHARACTERS = 19;

interface Fields {
  taken: string;
  offset: string;
  place: string;
}

function fieldsOf({ taken_at, location }: Photo): Fields {
  const zone = taken_at?.slice(WALL_CHARACTERS).replace(/^\.\d+/, "") ?? "";
  return {
    taken: taken_at?.slice(0, WALL_CHARACTERS) ?? "",
    offset: zone === "Z" ? "+00:00" : zone,
    place: location === null ? "" : `${location.latitude}, ${location.longitude}`,
  };
}

/** Only what differs; what can't be read is left to the server to refuse. */
function changesOf(photo: Photo, values: Readonly<Record<string, string>>): PhotoPatch {
  const before = fieldsOf(photo);
  const alt_text = (values.alt_text ?? "").trim();
  const taken = values.taken_at ?? "";
  const offset = (values.offset ?? "").trim();
  const place = (values.location ?? "").trim();
  const [latitude = Number.NaN, longitude = Number.NaN] = place.split(",").map(Number);
  const moved = taken !== before.taken || offset !== before.offset;
  return {
    ...(alt_text === photo.alt_text ? {} : { alt_text }),
    ...(moved ? { taken_at: taken === "" ? null : `${taken}${offset}` } : {}),
    ...(place === before.place ? {} : { location: place === "" ? null : { latitude, longitude } }),
  };
}

export function EditDialog({ photo, onClose }: { photo: Photo; onClose: () => void }) {
  const form = useSubmit(
    async (values) => {
      const changes = changesOf(photo, values);
      if (Object.keys(changes).length > 0) await editPhoto(photo.id, changes);
      onClose();
    },
    ["alt_text", "taken_at", "location"],
  );
  const { taken, offset, place } = fieldsOf(photo);
  return (
    <Dialog title="Edit photo" onClose={onClose}>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={styles.edit} onSubmit={form.submit}>
        <Field
          name="alt_text"
          label="What it shows"
          defaultValue={photo.alt_text}
          maxLength={LONGEST_TEXT}
          hint="Read to those who can't see it."
          autoComplete="off"
          fault={form.fault("alt_text")}
        />
        <div className={styles.pair}>
          <Field
            name="taken_at"
            label="Time on the clock there"
            type="datetime-local"
            step="1"
            defaultValue={taken}
            fault={form.fault("taken_at")}
          />
          <Field
            name="offset"
            label="From UTC"
            defaultValue={offset}
            placeholder="+02:00"
            pattern="[+\-]\d\d:\d\d"
            autoComplete="off"
          />
        </div>
        <Field
          name="location"
          label="Place"
          defaultValue={place}
          placeholder="52.52, 13.405"
          pattern="\s*-?\d+(\.\d+)?\s*,\s*-?\d+(\.\d+)?\s*"
          hint="Latitude and longitude, as maps copy them."
          autoComplete="off"
          fault={form.fault("location")}
        />
        <DialogActions form={form} send="Save" sending="Saving…" onClose={onClose} />
      </form>
    </Dialog>
  );
}
