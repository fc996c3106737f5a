/** On or off, at once. */
import styles from "./switch.module.css";

interface Props {
  /** What is switched, for those who can't see it. */
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function Switch({ label, checked, onChange }: Props) {
  return (
    <button
      type="button"
      role="switch"
      className={styles.switch}
      aria-label={label}
      aria-checked={checked}
      title={checked ? "Turn off" : "Turn on"}
      onClick={() => onChange(!checked)}
    />
  );
}
