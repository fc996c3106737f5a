/** The frame of one page: its title in tab and heading, which takes the focus after navigation. */
import { useLayoutEffect, useRef, type ReactNode } from "react";
import { takeArrival } from "@/ui/arrival";
import styles from "./page.module.css";

interface Props {
  title: string;
  /** Which part of the page is shown, for the tab's title. */
  part?: string | undefined;
  /** Beside the title: the page's actions. */
  actions?: ReactNode;
  /** For pages whose heading is drawn by themselves; they still need the tab's title. */
  headless?: boolean;
  children: ReactNode;
}

export function Page({ title, part, actions, headless = false, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    if (takeArrival()) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className={styles.page}>
      <title>{`${part === undefined ? "" : `${part} · `}${title} · Backline`}</title>
      <header className={headless ? "unseen" : styles.pageHead}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {actions}
      </header>
      {children}
    </div>
  );
}
