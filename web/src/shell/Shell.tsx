/** Everything around a page for those who are signed in: rail, bars, messages, dialogs. */
import { Outlet, useLocation } from "@tanstack/react-router";
import { useLayoutEffect } from "react";
import { useStore } from "@/api/store";
import { Toasts } from "@/ui/Toasts";
import { ConnectionBar } from "./ConnectionBar";
import { useHouse } from "./house";
import { startKeys } from "./keys";
import { KeysHelp } from "./KeysHelp";
import { overlay } from "./overlays";
import { Palette } from "./Palette";
import { Rail } from "./Rail";
import { classes } from "@/ui/classes";
import styles from "./shell.module.css";

export function Shell() {
  const open = useStore(overlay);
  const { faces, bar, keys } = useHouse();
  const shown = bar.useShown();
  // On a phone the bar's own page takes its place.
  const full = useLocation({ select: ({ pathname }) => pathname === bar.page });
  useLayoutEffect(() => startKeys(keys), [keys]);
  return (
    <div className={classes(styles.shell, shown && styles.shellPlaying, full && styles.shellFull)}>
      <a className={styles.skip} href="#content">
        Skip to the content
      </a>
      <Rail />
      <div className={styles.shellContent}>
        <ConnectionBar />
        {faces.map(({ name, above: Above }) => Above && <Above key={name} />)}
        <main id="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      {faces.map(({ name, over: Over }) => Over && <Over key={name} />)}
      <div className={styles.shellBar}>
        <bar.show />
      </div>
      <Toasts />
      {open === "palette" && <Palette />}
      {open === "keys" && <KeysHelp />}
    </div>
  );
}
