/** The concerts of a table: what becomes of each, and why not. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "@/ui/Button";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { Tag } from "@/ui/Tag";
import { shortDay } from "../history/words";
import { itemsQuery, type ConcertImportItem, type ItemState } from "./queries";
import styles from "./imports.module.css";

const STATES: Record<ItemState, string> = {
  new: "New",
  known: "There already",
  wrong: "Can’t be added",
  made: "Added",
  removed: "Taken back",
};

function Item({ item }: { item: ConcertImportItem }) {
  const { line, state, problem, held_on, title, artists, venue, city, concert_id } = item;
  const name = title || artists.join(", ") || "A concert";
  return (
    <tr>
      <td className={styles.line}>{line}</td>
      <td>
        <Tag>{STATES[state]}</Tag>
      </td>
      <td className={styles.day}>{held_on === null ? "–" : shortDay(held_on)}</td>
      <td>
        {concert_id === null ? (
          name
        ) : (
          <Link to="/concerts/$concertId" params={{ concertId: concert_id }}>
            {name}
          </Link>
        )}
        <small>{[venue, city].filter((part) => part !== "").join(", ")}</small>
        {problem !== "" && <small className={styles.error}>{problem}</small>}
      </td>
    </tr>
  );
}

export function Items({ id }: { id: string }) {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    itemsQuery(id, undefined),
  );
  const items = data?.pages.flatMap((page) => page.items);
  if (error !== null) {
    return <Failed what="What is in it can’t be shown" error={error} retry={() => void refetch()} />;
  }
  if (!items) return <Skeleton what="the table" rows={3} />;
  return (
    <>
      <table className={styles.items}>
        <caption className="unseen">What is in the table</caption>
        <thead>
          <tr>
            <th scope="col">Line</th>
            <th scope="col">State</th>
            <th scope="col">Day</th>
            <th scope="col">Concert</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Item key={item.position} item={item} />
          ))}
        </tbody>
      </table>
      {hasNextPage && (
        <Button small disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  );
}
