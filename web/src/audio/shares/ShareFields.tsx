/** What one says of a link: until when, what for, and whether files may be taken along. */
import { Field } from "@/ui/Field";
import { Select } from "@/ui/Select";
import field from "@/ui/field.module.css";
import type { Submission } from "@/ui/useSubmit";
import type { Share } from "../types";
import { ENDS, USUAL_END } from "./ends";

const LONGEST_DESCRIPTION = 500;
const KEEP = { value: "keep", name: "As it is" };

interface Props {
  form: Submission;
  /** The link that is changed; left out for a new one. */
  share?: Share;
}

export function ShareFields({ form, share }: Props) {
  return (
    <>
      <Select
        label="It ends"
        name="end"
        options={share ? [KEEP, ...ENDS] : ENDS}
        defaultValue={share ? KEEP.value : USUAL_END}
      />
      <Field
        name="description"
        label="A word to whoever opens it"
        placeholder="Rough mix, drums are new"
        defaultValue={share?.description}
        maxLength={LONGEST_DESCRIPTION}
        autoComplete="off"
        fault={form.fault("description")}
      />
      <label className={field.tick}>
        <input type="checkbox" name="may_download" defaultChecked={share?.may_download} />
        They may download the original files
      </label>
    </>
  );
}
