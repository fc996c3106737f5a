/** One part of a page of settings: its name on the left, what it holds on the right. */
import { useId, type ReactNode } from "react";
import "./part.css";

export function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className="part" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div className="part-body">{children}</div>
    </section>
  );
}
