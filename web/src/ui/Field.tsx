/** A labelled input with its hint and what is wrong with it, tied together for screen readers. */
import { useId, type ComponentProps } from "react";
import styles from "./field.module.css";

interface Props extends Omit<ComponentProps<"input">, "id" | "name"> {
  label: string;
  name: string;
  hint?: string | undefined;
  fault?: string | undefined;
}

/** The server tells faults as what is said of the field ("is too short") or as whole sentences. */
function sentence(label: string, fault: string): string {
  const whole = /^\p{Ll}/u.test(fault) ? `${label} ${fault}` : fault;
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}

export function Field({ label, hint, fault, ...input }: Props) {
  const id = useId();
  const about = [hint === undefined ? "" : `${id}-hint`, fault === undefined ? "" : `${id}-fault`];
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        aria-invalid={fault === undefined ? undefined : true}
        aria-describedby={about.join(" ").trim() || undefined}
        {...input}
      />
      {fault !== undefined && (
        <p className={styles.fieldFault} id={`${id}-fault`}>
          {sentence(label, fault)}
        </p>
      )}
      {hint !== undefined && (
        <p className={styles.fieldHint} id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
