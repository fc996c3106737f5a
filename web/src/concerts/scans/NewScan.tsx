/** The line that begins a scan. */
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { startScan } from "../actions";
import styles from "./scans.module.css";

export function NewScan() {
  const form = useSubmit(
    async (values) => startScan((values["source.path"] ?? "").trim()),
    ["source.path"],
  );
  return (
    <>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={styles.begin} onSubmit={form.submit}>
        <Field
          name="source.path"
          label="Folder on the server"
          placeholder="/srv/photos"
          required
          autoComplete="off"
          spellCheck={false}
          hint="One that its operator has opened to scans, or a folder in it."
          fault={form.fault("source.path")}
        />
        <Button type="submit" look="signal" disabled={form.pending}>
          {form.pending ? "Beginning…" : "Scan"}
        </Button>
      </form>
    </>
  );
}
