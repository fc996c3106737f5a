/** The library's search box and, where there are no column heads, its sort. */
import { useEffect, useState } from "react";
import type { TrackSort } from "@/api/types";
import { Icon } from "@/ui/Icon";
import "./filters.css";

interface Props {
  q: string;
  sort: TrackSort;
  onChange: (part: { q?: string; sort?: TrackSort }) => void;
}

const PAUSE_MS = 200;

const SORTS: readonly { value: TrackSort; name: string }[] = [
  { value: "-created_at", name: "Newest first" },
  { value: "created_at", name: "Oldest first" },
  { value: "title", name: "By title" },
  { value: "artist", name: "By artist" },
  { value: "album", name: "By album" },
];

export function Filters({ q, sort, onChange }: Props) {
  const [text, setText] = useState(q);

  useEffect(() => {
    if (text.trim() === q) return;
    const timer = setTimeout(() => onChange({ q: text.trim() }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, q, onChange]);

  return (
    <search className="filters">
      <div className="filters-search">
        <Icon name="search" size={18} />
        <input
          type="search"
          aria-label="Search your library"
          placeholder="Title, artist or album"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <select
        className="select filters-sort"
        aria-label="Sort"
        value={sort}
        onChange={(event) => onChange({ sort: event.target.value as TrackSort })}
      >
        {SORTS.map(({ value, name }) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </search>
  );
}
