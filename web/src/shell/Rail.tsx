/** The way around: a slim rail on the left; on phones a bar at the bottom. */
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { meQuery } from "@/api/queries";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import type { RailEntry } from "./face";
import { useHouse } from "./house";
import { Mark } from "./Mark";
import { openPalette } from "./overlays";
import { addressed, useRun } from "./run";
import styles from "./rail.module.css";

const MOST_TOLD = 99;
const nothing = () => 0;

const none: readonly string[] = [];

function Item({ to, also = none, icon, label, useNew = nothing }: RailEntry) {
  const count = useNew();
  const here = useLocation({
    select: ({ pathname }) => also.some((each) => `${pathname}/`.startsWith(`${each}/`)),
  });
  return (
    <Link
      to={addressed(to)}
      className={styles.railItem}
      activeOptions={{ exact: to === "/" }}
      {...(here ? { "aria-current": "page" } : {})}
    >
      <Icon name={icon} size={22} />
      <span>{label}</span>
      {count > 0 && (
        <>
          <span className={styles.railNew} aria-hidden="true">
            {count > MOST_TOLD ? `${MOST_TOLD}+` : count}
          </span>
          <span className="unseen">{count} new</span>
        </>
      )}
    </Link>
  );
}

export function Rail() {
  const { rail, you } = useHouse();
  const run = useRun();
  const { data: me } = useQuery(meQuery);
  const everyday = rail.filter(({ adminOnly, own }) => adminOnly !== true && own !== true);
  return (
    <nav className={styles.rail} aria-label="Main">
      <Link to="/" className={styles.railMark} aria-label="Backline, home">
        <Mark />
      </Link>
      {everyday.map((entry) => (
        <Item key={entry.to} {...entry} />
      ))}
      <button type="button" className={styles.railItem} onClick={openPalette} title="Search ( / )">
        <Icon name="search" size={22} />
        <span>Search</span>
      </button>
      {me?.role === "admin" &&
        rail.map((entry) => entry.adminOnly === true && <Item key={entry.to} {...entry} />)}
      <div className={styles.railFoot}>
        {rail.map((entry) => entry.own === true && <Item key={entry.to} {...entry} />)}
        <Menu
          label="You: account menu"
          className={styles.railItem}
          side="right"
          items={you(me).map((command) => ({ ...command, run: () => run(command) }))}
        >
          <Icon name="user" size={22} />
          <span>You</span>
        </Menu>
      </div>
    </nav>
  );
}
