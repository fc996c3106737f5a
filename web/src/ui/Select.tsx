/** A labelled choice among a few. */
import { useId, type ComponentProps } from "react";
import styles from "./field.module.css";

interface Props extends Omit<ComponentProps<"select">, "id" | "className" | "children"> {
  label: string;
  options: readonly { value: string; name: string }[];
}

export function Select({ label, options, ...select }: Props) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <select id={id} className={styles.select} {...select}>
        {options.map(({ value, name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
