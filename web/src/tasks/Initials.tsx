/** Somebody as a round sign with the first letters of their names. */
import styles from "./initials.module.css";

const FIRST_LETTER = /^\P{M}\p{M}*/u;

function initialsOf(name: string): string {
  const words = name.split(/\s+/u).filter((word) => word !== "");
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => FIRST_LETTER.exec(word ?? "")?.[0] ?? "")
    .join("")
    .toLocaleUpperCase();
}

/** Their name stands beside it, or is said by whoever shows it. */
export function Initials({ name }: { name: string }) {
  return (
    <span className={styles.initials} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}
