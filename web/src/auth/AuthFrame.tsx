/** The frame of the pages before one is signed in: the name, one form, nothing else. */
import type { ReactNode } from "react";
import { useEffect } from "react";
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
  useEffect(() => {
    document.querySelector<HTMLInputElement>(".auth input:not([value])")?.focus();
  }, []);
  return (
    <>
      <ConnectionBar />
      <main className="auth">
        <title>{`${title} · Backline`}</title>
        <div className="auth-card">
          <p className="auth-name">
            <Mark size={40} /> Backline
          </p>
          <h1>{title}</h1>
          {lead !== undefined && <p className="quiet">{lead}</p>}
          {children}
          {foot !== undefined && <p className="auth-foot">{foot}</p>}
        </div>
      </main>
    </>
  );
}
