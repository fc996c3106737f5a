/** A platform's stream key on its way in: masked, with an eye to check what was pasted. */
import { useId, useState } from "react";
import { IconButton } from "@/ui/Button";
import field from "@/ui/field.module.css";
import styles from "./add-destination.module.css";

interface Props {
  required?: boolean;
  hint: string;
  fault: string | undefined;
}

export function KeyField({ required = false, hint, fault }: Props) {
  const id = useId();
  const [seen, setSeen] = useState(false);
  return (
    <div className={field.field}>
      <label htmlFor={id}>Stream key</label>
      <span className={styles.key}>
        <input
          id={id}
          name="stream_key"
          // Not a password of this site: password managers leave such a field alone.
          type="text"
          className={seen ? undefined : styles.masked}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          data-1p-ignore
          data-lpignore="true"
          required={required}
          maxLength={1_000}
          aria-invalid={fault === undefined ? undefined : true}
          aria-describedby={`${id}-hint`}
        />
        <IconButton
          icon="eye"
          label={seen ? "Hide the key" : "Show what is written"}
          aria-pressed={seen}
          onClick={() => setSeen(!seen)}
        />
      </span>
      {fault !== undefined && <p className={field.fieldFault}>The key {fault}.</p>}
      <p className={field.fieldHint} id={`${id}-hint`}>
        {hint}
      </p>
    </div>
  );
}
