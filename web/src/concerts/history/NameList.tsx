/** The artists whom one saw, or the venues where one was: search, sort, and the list. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";
import { useTelling } from "@/api/store";
import { Empty } from "@/ui/Empty";
import type { IconName } from "@/ui/Icon";
import { Listing } from "@/ui/Listing";
import type { Column } from "@/ui/listingHeads";
import { SearchBar } from "@/ui/SearchBar";
import { AddConcert } from "./AddConcert";
import type { NameFilter, NameSort } from "./filter";
import { shownHistory } from "./keys";
import { namesQuery, type Named, type Names } from "./queries";
import styles from "./name-list.module.css";

interface Props<N extends Names> {
  names: N;
  icon: IconName;
  filter: NameFilter;
  onChange: (next: NameFilter) => void;
  /** What stands in the second column, where there is one. */
  second?: { name: string; of: (item: Named[N]) => string };
  /** The link to its page. */
  link: (item: Named[N]) => ReactNode;
  /** What the empty list says that it will be good for. */
  about: string;
}

const PAUSE_MS = 200;
const ROW_PX = 52;
const BEGINNING = {};

export function NameList<N extends Names>(props: Props<N>) {
  const { names, icon, filter, onChange, second, link, about } = props;
  const { q = "", sort = "-concert_count" } = filter;
  const navigate = useNavigate();
  const [text, setText] = useState(q);
  useTelling(shownHistory, BEGINNING);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    namesQuery(names, filter),
  );
  const items = data?.pages.flatMap((page) => page.items);

  const set = (next: { q: string; sort: NameSort }) =>
    onChange({
      ...(next.q === "" ? {} : { q: next.q }),
      ...(next.sort === "-concert_count" ? {} : { sort: next.sort }),
    });
  useEffect(() => {
    if (text.trim() === q) return;
    const timer = setTimeout(() => set({ q: text.trim(), sort }), PAUSE_MS);
    return () => clearTimeout(timer);
  });

  const columns: Column<NameSort>[] = [
    { key: "name", name: "Name", sorts: [{ value: "name", direction: "ascending" }], look: styles.name },
    ...(second ? [{ key: "second", name: second.name, look: styles.second }] : []),
    {
      key: "count",
      name: "Concerts",
      sorts: [{ value: "-concert_count", direction: "descending" }],
      look: styles.count,
    },
  ];
  return (
    <div className={styles.list}>
      {(q !== "" || (items?.length ?? 0) > 0) && (
        <SearchBar label={`Search your ${names}`} placeholder="Name" value={text} onChange={setText} />
      )}
      <Listing
        what={`your ${names}`}
        columns={columns}
        items={items}
        keyOf={({ id }) => id}
        cells={(item) => (
          <>
            <td className={styles.name}>
              {link(item)}
              {second && <small>{second.of(item)}</small>}
            </td>
            {second && <td className={styles.second}>{second.of(item)}</td>}
            <td className={styles.count}>{item.concert_count.toLocaleString("en")}</td>
          </>
        )}
        empty={
          q === "" ? (
            <div className={styles.hue}>
              <Empty icon={icon} title={`No ${names} yet`} action={<AddConcert />}>
                <p>{about}</p>
              </Empty>
            </div>
          ) : (
            <p className="quiet">None of your {names} is called “{q}”.</p>
          )
        }
        error={error}
        retry={() => void refetch()}
        more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined}
        sort={sort}
        onSort={(next) => set({ q, sort: next })}
        onOpen={({ id }) => void navigate({ to: `/concerts/${names}/${id}` })}
        row_px={ROW_PX}
      />
    </div>
  );
}
