/** The years of a history as columns of lamps, the higher the more concerts: a press shows one year. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, type CSSProperties } from "react";
import { plural } from "../words";
import { saying, type HistoryFilter } from "./filter";
import { filled } from "./fillYears";
import { timelineQuery } from "./queries";
import styles from "./years.module.css";

const LAMPS = 10;

export function Years({ filter }: { filter: HistoryFilter }) {
  const list = useRef<HTMLOListElement>(null);
  const { data } = useQuery(timelineQuery);
  const years = filled(data?.years ?? []);
  const most = Math.max(...years.map(({ count }) => count), 1);
  const last = years.at(-1)?.year;

  // The latest are seen first, or the one that is shown.
  useEffect(() => {
    const shown = list.current?.querySelector<HTMLElement>('[aria-current="true"]');
    if (!list.current) return;
    list.current.scrollLeft = shown ? shown.offsetLeft - list.current.clientWidth / 2 : list.current.scrollWidth;
  }, [last, filter.year]);

  if (years.length < 2 && filter.year === undefined) return null;
  return (
    <nav aria-label="Years" className={styles.years}>
      <ol ref={list}>
        {years.map(({ year, count }) => {
          const here = year === filter.year;
          const lit = count === 0 ? 0 : Math.max(Math.round((count / most) * LAMPS), 1);
          const column = (
            <>
              <span className={styles.lamps} style={{ "--lit": lit, "--lamps": LAMPS } as CSSProperties} />
              <span aria-hidden="true">{year}</span>
            </>
          );
          return (
            <li key={year}>
              {count === 0 ? (
                <span className={styles.none}>{column}</span>
              ) : (
                <Link
                  to="/concerts"
                  search={saying({ ...filter, year: here ? undefined : year })}
                  replace
                  aria-current={here}
                  aria-label={`${year}: ${plural(count, "concert")}`}
                  title={here ? "Show all years" : `${year}: ${plural(count, "concert")}`}
                >
                  {column}
                </Link>
              )}
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
