/** People in rows: who they are, since when, and what one can do about them. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Menu, type MenuItem } from "@/ui/Menu";
import { Failed } from "@/ui/Notice";
import rows from "@/ui/rows.module.css";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import { nameOf, removeFollower, setBlocked } from "./actions";
import { FollowButton } from "./FollowButton";
import { peopleQuery, type ListedPerson } from "./queries";
import styles from "./people.module.css";

interface Props {
  /** Its address under the API. */
  path: string;
  /** What is listed, for headings and sentences: "your followers". */
  what: string;
  /** Says what the time is: "Follows you since". */
  since: string;
  empty: ReactNode;
  myId: string | undefined;
  /** Who follows me can be removed; whom I blocked can be let in again. */
  mine?: "followers" | "blocked" | undefined;
}

function Does({ person, mine }: { person: ListedPerson; mine: Props["mine"] }) {
  if (mine === "blocked") {
    return (
      <Button small onClick={() => void setBlocked(person, false)}>
        Unblock
      </Button>
    );
  }
  const items: MenuItem[] = [];
  if (mine === "followers") {
    items.push({
      key: "remove",
      label: "Remove follower",
      icon: "close",
      run: () => void removeFollower(person),
    });
  }
  items.push({
    key: "block",
    label: "Block",
    icon: "lock",
    trouble: true,
    run: () => void setBlocked(person, true),
  });
  return (
    <>
      {person.is_public && <FollowButton small person={person} />}
      <Menu label={`Actions for ${nameOf(person)}`} items={items}>
        <Icon name="more" />
      </Menu>
    </>
  );
}

function Row({ person, since, mine, myId }: { person: ListedPerson } & Pick<Props, "since" | "mine" | "myId">) {
  const isMe = person.id === myId;
  return (
    <li className={rows.row}>
      <span className={rows.rowSign}>
        <Icon name="user" />
      </span>
      <span className={rows.rowWords}>
        <span className={rows.rowName}>
          {person.is_public ? (
            <Link to="/people/$personId" params={{ personId: person.id }}>
              {nameOf(person)}
            </Link>
          ) : (
            <span>{nameOf(person)}</span>
          )}
        </span>
        <span className={rows.rowMore}>
          <span>
            {since} <When time={person.since} />
          </span>
        </span>
      </span>
      <span className={styles.does}>{isMe ? <span className="quiet">You</span> : <Does {...{ person, mine }} />}</span>
    </li>
  );
}

export function PeopleList({ path, what, since, empty, mine, myId }: Props) {
  const query = useInfiniteQuery(peopleQuery(path));
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const people = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      {error && <Failed what={`${what} can’t be shown`} error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton what={what} rows={6} />}
      {data && people.length === 0 && empty}
      {people.length > 0 && (
        <ul className={rows.rows} aria-label={what}>
          {people.map((person) => (
            <Row key={person.id} {...{ person, since, mine, myId }} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? "Fetching…" : "Show more"}
        </Button>
      )}
    </>
  );
}
