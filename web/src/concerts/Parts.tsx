/** What a tab shows in more than one way: a few links beside each other, below the tabs. */
import type { ReactNode } from "react";
import styles from "./parts.module.css";

export function Parts({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav className={styles.parts} aria-label={label}>
      {children}
    </nav>
  );
}
