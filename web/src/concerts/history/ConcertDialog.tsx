/** One form for a concert: to add it by hand, or to change what is known of it. */
import { useState } from "react";
import { classes } from "@/ui/classes";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import field from "@/ui/field.module.css";
import { Notice } from "@/ui/Notice";
import { Select } from "@/ui/Select";
import { useSubmit } from "@/ui/useSubmit";
import type { Concert, ConcertForm, ConcertPatch } from "../types";
import { BillFields } from "./BillFields";
import { COUNTRIES } from "./countries";
import { changesOf, fieldsOf, formOf, type Fields } from "./fields";
import type { Beginning } from "./keys";
import { useCityOffers, useVenueOffers } from "./offers";
import { TypeAhead } from "./TypeAhead";
import styles from "./concert-dialog.module.css";

const LONGEST_NAME = 200;
const LONGEST_NOTES = 20_000;
const LONGEST_ZONE = 64;
const COUNTRY_CHOICES = [{ value: "", name: "Not said" }, ...COUNTRIES];
const ZONES = Intl.supportedValuesOf("timeZone");
const FIELDS = ["held_on", "ends_on", "zone", "title", "notes"];

type Props = { onClose: () => void } & (
  | { concert: Concert; onChange: (patch: ConcertPatch) => Promise<void> }
  | { beginning: Beginning; onAdd: (form: ConcertForm) => Promise<void> }
);

function WhereFields({ fields, onChange }: { fields: Fields; onChange: (fields: Fields) => void }) {
  const { venue, city, country_code } = fields;
  const venues = useVenueOffers(venue);
  const cities = useCityOffers(city);
  return (
    <>
      <TypeAhead
        label="Venue"
        value={venue}
        maxLength={LONGEST_NAME}
        offers={venues}
        onText={(text) => onChange({ ...fields, venue: text, location: null })}
        onTake={({ venue: taken }) =>
          onChange({
            ...fields,
            venue: taken.name,
            city: taken.city,
            country_code: taken.country_code,
            location: taken.location,
          })
        }
      />
      <div className={styles.pair}>
        <TypeAhead
          label="City"
          value={city}
          maxLength={LONGEST_NAME}
          offers={cities}
          onText={(text) => onChange({ ...fields, city: text })}
          onTake={({ label, country_code: code, zone }) =>
            onChange({ ...fields, city: label, country_code: code, zone: fields.zone === "" ? zone : fields.zone })
          }
        />
        <Select
          label="Country"
          options={COUNTRY_CHOICES}
          value={country_code}
          onChange={({ target }) => onChange({ ...fields, country_code: target.value })}
        />
      </div>
    </>
  );
}

export function ConcertDialog(props: Props) {
  const { onClose } = props;
  // What was there when the form opened: what others change meanwhile isn't undone by it.
  const [concert] = useState("concert" in props ? props.concert : undefined);
  const [begun] = useState("beginning" in props ? props.beginning : {});
  const [fields, setFields] = useState(() => fieldsOf(concert, begun));
  const [festival, setFestival] = useState(concert?.festival ?? false);
  const form = useSubmit(async (values) => {
    if ("onAdd" in props) await props.onAdd(formOf(fields, values));
    else {
      const changes = changesOf(concert ?? props.concert, fields, values);
      if (Object.keys(changes).length > 0) await props.onChange(changes);
    }
    onClose();
  }, FIELDS);
  return (
    <Dialog title={concert ? "Edit concert" : "Add a concert"} onClose={onClose}>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={styles.form} onSubmit={form.submit}>
        <div className={styles.pair}>
          <Field
            name="held_on"
            label={festival ? "First day" : "Day"}
            type="date"
            required
            min="1900-01-01"
            max="9998-12-31"
            defaultValue={concert?.held_on ?? begun.held_on}
            fault={form.fault("held_on")}
          />
          <label className={classes(field.tick, styles.festival)}>
            <input
              type="checkbox"
              name="festival"
              checked={festival}
              onChange={({ target }) => setFestival(target.checked)}
            />
            A festival
          </label>
          {festival && (
            <Field
              name="ends_on"
              label="Last day"
              type="date"
              min="1900-01-01"
              max="9998-12-31"
              defaultValue={concert?.ends_on ?? undefined}
              fault={form.fault("ends_on")}
            />
          )}
        </div>
        <BillFields bill={fields.bill} onChange={(bill) => setFields({ ...fields, bill })} />
        <WhereFields fields={fields} onChange={setFields} />
        <Field
          name="title"
          label="Title"
          maxLength={LONGEST_NAME}
          defaultValue={concert?.title}
          hint="Left empty, it is called by its artists."
          autoComplete="off"
          fault={form.fault("title")}
        />
        <label className={styles.words}>
          <span>Notes</span>
          <textarea
            name="notes"
            className={styles.area}
            rows={3}
            maxLength={LONGEST_NOTES}
            defaultValue={concert?.notes}
          />
        </label>
        <Field
          name="zone"
          label="Time zone"
          list="zones"
          maxLength={LONGEST_ZONE}
          value={fields.zone}
          onChange={({ target }) => setFields({ ...fields, zone: target.value })}
          placeholder="Europe/Berlin"
          autoComplete="off"
          fault={form.fault("zone")}
        />
        <datalist id="zones">
          {ZONES.map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        <DialogActions
          form={form}
          send={concert ? "Save" : "Add"}
          sending={concert ? "Saving…" : "Adding…"}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
