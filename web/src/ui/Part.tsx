/** One part of a page of settings: its name on the left, what it holds on the right. */
import { useId, type ReactNode } from "react";
import styles from "./part.module.css";

export function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={styles.part} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div className={styles.partBody}>{children}</div>
    </section>
  );
}
