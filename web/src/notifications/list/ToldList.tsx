/** A list of what one is told, the newest first. Opening one makes it read. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import type { MouseEvent, ReactNode } from "react";
import { Button, IconButton } from "@/ui/Button";
import { Lamp } from "@/ui/Lamp";
import { Listing } from "@/ui/Listing";
import rows from "@/ui/rows.module.css";
import { When } from "@/ui/When";
import { deleteTold, markAllRead, markRead } from "../actions";
import { toldQuery, unreadQuery } from "../queries";
import type { Told } from "../types";
import styles from "./told-list.module.css";

const ROW_PX = 64;

const COLUMNS = [
  { key: "new", name: "New", unseen: true, look: styles.toldNew },
  { key: "what", name: "What", look: styles.toldWhat },
  { key: "when", name: "When", look: styles.toldWhen },
  { key: "actions", name: "Actions", unseen: true, look: styles.toldActions },
];

interface CellsProps {
  told: Told;
  onOpen: (told: Told) => void;
}

function Cells({ told, onOpen }: CellsProps) {
  const { title, text, path, created_at, read_at } = told;
  const isNew = read_at === null;
  const onClick = (event: MouseEvent) => {
    // Into another tab or window, the browser leads by itself.
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onOpen(told);
  };
  return (
    <>
      <td className={styles.toldNew}>
        <Lamp lit={isNew} />
        <span className="unseen">{isNew ? "New" : "Read"}</span>
      </td>
      <td className={styles.toldWhat}>
        <a href={path} tabIndex={-1} onClick={onClick} title={title}>
          {title}
        </a>
        <span className={styles.below}>
          <span className={styles.belowWhen}>
            <When time={created_at} />
            {text !== "" && " · "}
          </span>
          {text}
        </span>
      </td>
      <td className={styles.toldWhen}>
        <When time={created_at} />
      </td>
      <td className={styles.toldActions}>
        <IconButton
          icon={isNew ? "check" : "mail"}
          label={`Mark as ${isNew ? "read" : "unread"}: ${title}`}
          onClick={() => void markRead(told, isNew)}
        />
        <IconButton icon="trash" label={`Delete: ${title}`} onClick={() => void deleteTold(told)} />
      </td>
    </>
  );
}

export function ToldList({ unread, empty }: { unread: boolean; empty: ReactNode }) {
  const router = useRouter();
  // Until it is known, there may be some.
  const isAllRead = useQuery(unreadQuery).data?.unread === 0;
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    toldQuery(unread),
  );
  const items = data?.pages.flatMap((page) => page.items);
  const latest = items?.[0];
  const open = (told: Told) => {
    void markRead(told, true);
    void router.navigate({ href: told.path });
  };
  const onKey = (key: string, told: Told) => {
    if (key === "x") void markRead(told, told.read_at === null);
    else if (key === "Delete") void deleteTold(told);
    else return false;
    return true;
  };
  return (
    <>
      {latest !== undefined && (
        <div className={rows.rowsHead}>
          <p>The latest 500 are kept.</p>
          <Button icon="check" disabled={isAllRead} onClick={() => void markAllRead(latest.id)}>
            Mark all as read
          </Button>
        </div>
      )}
      <Listing
        what={unread ? "what is new" : "your notifications"}
        columns={COLUMNS}
        items={items}
        keyOf={({ id }) => id}
        lookOf={({ read_at }) => read_at !== null && styles.toldRead}
        cells={(told) => <Cells told={told} onOpen={open} />}
        empty={empty}
        error={error}
        retry={() => void refetch()}
        more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined}
        onOpen={open}
        onKey={onKey}
        row_px={ROW_PX}
      />
    </>
  );
}
