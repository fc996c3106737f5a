/** What narrows and sorts the history: words, artist, venue, city. Years have a line of their own. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { classes } from "@/ui/classes";
import field from "@/ui/field.module.css";
import { SearchBar } from "@/ui/SearchBar";
import { saying, SORTS, type HistoryFilter, type Sort } from "./filter";
import { citiesOf } from "./offers";
import { artistQuery, usualQuery, venueQuery } from "./queries";
import styles from "./filters.module.css";

interface Props {
  filter: HistoryFilter;
  onChange: (next: HistoryFilter) => void;
  /** What can be done with what the list shows. */
  children?: ReactNode;
}

const PAUSE_MS = 200;
const SORT_NAMES: Record<Sort, string> = {
  "-held_on": "Latest first",
  held_on: "Earliest first",
  "-created_at": "Added last",
};

interface NarrowProps {
  label: string;
  /** Said where nothing is chosen. */
  any?: string;
  value: string | undefined;
  options: readonly { value: string; name: string }[];
  onChange: (value: string | undefined) => void;
}

function Narrow({ label, any, value = "", options, onChange }: NarrowProps) {
  return (
    <select
      className={classes(field.select, styles.narrow, any !== undefined && value !== "" && styles.chosen)}
      aria-label={label}
      value={value}
      onChange={({ target }) => onChange(target.value === "" ? undefined : target.value)}
    >
      {any !== undefined && <option value="">{any}</option>}
      {options.map(({ value: each, name }) => (
        <option key={each} value={each}>
          {name}
        </option>
      ))}
    </select>
  );
}

interface Choice {
  value: string;
  name: string;
}

const byName = (one: Choice, other: Choice) => one.name.localeCompare(other.name);

/** Those that are usual, and the one that is chosen. */
function choices(usual: readonly Choice[], chosen: Choice | undefined): Choice[] {
  const there = chosen === undefined || usual.some(({ value }) => value === chosen.value);
  return [...usual, ...(there ? [] : [chosen])].sort(byName);
}

const choice = ({ id, name }: { id: string; name: string }): Choice => ({ value: id, name });

function useChoices(filter: HistoryFilter) {
  const { data: artists } = useQuery(usualQuery("artists"));
  const { data: venues } = useQuery(usualQuery("venues"));
  const { data: artist } = useQuery({ ...artistQuery(filter.artist ?? ""), enabled: filter.artist !== undefined });
  const { data: venue } = useQuery({ ...venueQuery(filter.venue ?? ""), enabled: filter.venue !== undefined });
  const cities = new Set(citiesOf(venues?.items ?? []));
  if (filter.city !== undefined) cities.add(filter.city);
  return {
    artists: choices((artists?.items ?? []).map(choice), artist && choice(artist.artist)),
    venues: choices((venues?.items ?? []).map(choice), venue && choice(venue.venue)),
    cities: [...cities].map((name) => ({ value: name, name })).sort(byName),
  };
}

function useTyped(filter: HistoryFilter, onChange: Props["onChange"]) {
  const { q = "" } = filter;
  const [text, setText] = useState(q);
  const [known, setKnown] = useState(q);
  // A way back brings words of its own.
  if (q !== known) {
    setKnown(q);
    if (q !== text.trim()) setText(q);
  }
  useEffect(() => {
    if (text.trim() === q) return;
    const timer = setTimeout(() => onChange(saying({ ...filter, q: text.trim() })), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, q, filter, onChange]);
  return [text, setText] as const;
}

export function Filters({ filter, onChange, children }: Props) {
  const [text, setText] = useTyped(filter, onChange);
  const { artists, venues, cities } = useChoices(filter);
  const set = (name: keyof HistoryFilter) => (value: string | undefined) =>
    onChange(saying({ ...filter, [name]: value }));
  return (
    <SearchBar
      label="Search your concerts"
      placeholder="Artist, venue, city or song"
      value={text}
      onChange={setText}
    >
      <div className={styles.narrows}>
        <Narrow label="Artist" any="Any artist" value={filter.artist} options={artists} onChange={set("artist")} />
        <Narrow label="Venue" any="Any venue" value={filter.venue} options={venues} onChange={set("venue")} />
        <Narrow label="City" any="Any city" value={filter.city} options={cities} onChange={set("city")} />
        <Narrow
          label="Sort"
          value={filter.sort ?? "-held_on"}
          options={SORTS.map((value) => ({ value, name: SORT_NAMES[value] }))}
          onChange={(value) => set("sort")(value === "-held_on" ? undefined : value)}
        />
        {children}
      </div>
    </SearchBar>
  );
}
