/** A list in columns, for rows by the thousand: only those near the screen are in the document. Arrows
 *  walk through it, Enter opens; it shows what it waits for, why it failed, or what it is good for. */
import { useEffect, useRef, type KeyboardEvent, type ReactNode } from "react";
import { classes } from "./classes";
import { Failed } from "./Notice";
import { Skeleton } from "./Skeleton";
import { headsOf, type Column } from "./listingHeads";
import { useRows } from "./useRows";
import styles from "./listing.module.css";

interface Props<T, S extends string> {
  /** What is listed, for headings and sentences: "your tracks". */
  what: string;
  columns: readonly Column<S>[];
  /** Left out while nothing has come yet. */
  items: readonly T[] | undefined;
  keyOf: (item: T) => string;
  /** The cells of a row, one for each column. */
  cells: (item: T) => ReactNode;
  /** For rows that stand out. */
  lookOf?: (item: T) => string | false | undefined;
  /** What stands here when there is nothing to list. */
  empty: ReactNode;
  error: unknown;
  retry: () => void;
  /** What follows is fetched by rows near the end; left out where these are all. */
  more?: (() => void) | undefined;
  sort?: S;
  onSort?: (sort: S) => void;
  /** On Enter, and on a double click. */
  onOpen?: (item: T) => void;
  /** Further keys on the row where one is; true when it was for us. */
  onKey?: (key: string, item: T) => boolean;
  row_px?: number;
}

const NEAR_ROWS = 30;

export function Listing<T, S extends string>(props: Props<T, S>) {
  const { what, items, empty, error, retry } = props;
  return (
    <>
      {error !== null && error !== undefined && (
        <Failed what={`${capital(what)} can't be shown`} error={error} retry={retry} />
      )}
      {!items && (error === null || error === undefined) && <Skeleton what={what} rows={12} />}
      {items?.length === 0 && empty}
      {items !== undefined && items.length > 0 && <Rows {...props} items={items} />}
    </>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

type RowsProps<T, S extends string> = Props<T, S> & { items: readonly T[] };

function Rows<T, S extends string>(props: RowsProps<T, S>) {
  const { what, columns, items, keyOf, cells, lookOf, more, error, sort, onSort, onOpen, onKey } = props;
  const { row_px = 56 } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const { rows, last, active, activate, hold, move } = useRows(body, items, keyOf, row_px);

  const near = more !== undefined && !error && last >= items.length - NEAR_ROWS;
  useEffect(() => {
    if (near) more();
  }, [near, more, items.length]);

  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>, item: T) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const here = event.target === event.currentTarget;
    if (here && event.key === "Enter" && onOpen) onOpen(item);
    else if (!(here && onKey?.(event.key, item) === true) && !move(event.key)) return;
    event.preventDefault();
  };

  return (
    <table className={styles.listing} aria-rowcount={more ? -1 : items.length + 1}>
      <caption className="unseen">{capital(what)}</caption>
      <colgroup>
        {columns.map(({ key, look }) => (
          <col key={key} className={look} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {headsOf(columns, sort).map(({ key, name, look, unseen, direction, next }) => (
            <th key={key} scope="col" className={look} aria-sort={direction}>
              {next === undefined ? (
                <span className={unseen ? "unseen" : undefined}>{name}</span>
              ) : (
                <button type="button" onClick={() => onSort?.(next)}>
                  {name}
                </button>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((row) => {
          if ("space_px" in row) {
            return <tr key={row.key} aria-hidden="true" style={{ height: row.space_px }} />;
          }
          const { item, index } = row;
          return (
            <tr
              key={row.key}
              data-index={index}
              aria-rowindex={index + 2}
              tabIndex={index === active ? 0 : -1}
              className={classes(lookOf?.(item))}
              style={{ height: row_px }}
              onFocus={(event) => {
                activate(index);
                hold(event.currentTarget);
              }}
              onBlur={() => hold(null)}
              onKeyDown={(event) => onKeyDown(event, item)}
              onDoubleClick={() => onOpen?.(item)}
            >
              {cells(item)}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
