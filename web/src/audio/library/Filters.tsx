/** The library's search box and, where there are no column heads, its sort. */
import { useEffect, useState } from "react";
import type { TrackSort } from "../types";
import { Button } from "@/ui/Button";
import { SearchBar } from "@/ui/SearchBar";
import { classes } from "@/ui/classes";
import field from "@/ui/field.module.css";
import searchBar from "@/ui/search-bar.module.css";

interface Props {
  q: string;
  sort: TrackSort;
  favorite: boolean;
  onChange: (part: { q?: string; sort?: TrackSort; favorite?: boolean }) => void;
}

const PAUSE_MS = 200;

const SORTS: readonly { value: TrackSort; name: string }[] = [
  { value: "-created_at", name: "Newest first" },
  { value: "created_at", name: "Oldest first" },
  { value: "title", name: "By title" },
  { value: "artist", name: "By artist" },
  { value: "album", name: "By album" },
  { value: "-last_played_at", name: "Recently played" },
  { value: "-play_count", name: "Most played" },
  { value: "-rating", name: "Best rated" },
  { value: "-favorite_at", name: "Latest favourites" },
];

export function Filters({ q, sort, favorite, onChange }: Props) {
  const [text, setText] = useState(q);

  useEffect(() => {
    if (text.trim() === q) return;
    const timer = setTimeout(() => onChange({ q: text.trim() }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, q, onChange]);

  return (
    <SearchBar
      label="Search your library"
      placeholder="Title, artist or album"
      value={text}
      onChange={setText}
    >
      <Button
        icon={favorite ? "hearted" : "heart"}
        aria-pressed={favorite}
        onClick={() => onChange({ favorite: !favorite })}
      >
        Favourites
      </Button>
      <select
        className={classes(field.select, searchBar.searchSort)}
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
    </SearchBar>
  );
}
