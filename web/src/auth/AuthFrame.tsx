/** The frame of the pages before one is signed in: the name, one form, nothing else. */
import type { ReactNode } from "react";
import { useEffect, useRef } from "react";
import { ConnectionBar } from "@/shell/ConnectionBar";
import { Mark } from "@/shell/Mark";
import "./auth.css";

interface Props {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  foot?: ReactNode;
}

export function AuthFrame({ title, lead, children, foot }: Props) {
  const card = useRef<HTMLDivElement>(null);
  // Also when a step of the same page takes the place of another.
  useEffect(() => {
    const field = card.current?.querySelector<HTMLInputElement>("input:not([value], [hidden])");
    (field ?? card.current?.querySelector("h1"))?.focus();
  }, [title]);
  return (
    <>
      <ConnectionBar />
      <main className="auth">
        <title>{`${title} · Backline`}</title>
        <div className="auth-card" ref={card}>
          <p className="auth-name">
            <Mark size={40} /> Backline
          </p>
          <h1 tabIndex={-1}>{title}</h1>
          {lead !== undefined && <p className="quiet">{lead}</p>}
          {children}
          {foot !== undefined && <p className="auth-foot">{foot}</p>}
        </div>
      </main>
    </>
  );
}
