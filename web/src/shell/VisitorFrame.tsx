/** The frame of the pages before one is signed in: the name, one form, nothing else. */
import type { ReactNode } from "react";
import { useLayoutEffect, useRef } from "react";
import { ConnectionBar } from "./ConnectionBar";
import { Mark } from "./Mark";
import styles from "./visitor.module.css";

interface Props {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
}

export function VisitorFrame({ title, lead, children, foot }: Props) {
  const card = useRef<HTMLDivElement>(null);
  // Also when a step of the same page takes the place of another.
  useLayoutEffect(() => {
    const field = card.current?.querySelector<HTMLInputElement>("input:not([value], [hidden])");
    (field ?? card.current?.querySelector("h1"))?.focus();
  }, [title]);
  return (
    <>
      <ConnectionBar />
      <main className={styles.visitor}>
        <title>{`${title} · Backline`}</title>
        <div className={styles.visitorCard} ref={card}>
          <p className={styles.visitorName}>
            <Mark size={40} /> Backline
          </p>
          <h1 tabIndex={-1}>{title}</h1>
          {lead !== undefined && <p className="quiet">{lead}</p>}
          {children}
          {foot !== undefined && <p className={styles.visitorFoot}>{foot}</p>}
        </div>
      </main>
    </>
  );
}
