/** A concert as its form has it, and what the form makes of it: a new one, or what differs. */
import type { Concert, ConcertForm, ConcertPatch } from "../types";
import type { Beginning } from "./keys";

/** One of the bill, as it is written. */
export interface ArtistFields {
  key: number;
  name: string;
  headliner: boolean;
  /** A song in each line. */
  songs: string;
}

/** What the form holds by itself; the rest is in its inputs. */
export interface Fields {
  venue: string;
  city: string;
  country_code: string;
  /** Where the venue is, if it was chosen among those that are known. */
  location: VenueForm["location"];
  zone: string;
  bill: ArtistFields[];
}

type Values = Readonly<Record<string, string>>;
type VenueForm = NonNullable<ConcertForm["venue"]>;
type ArtistForm = NonNullable<ConcertForm["bill"]>[number];

let keys = 0;
export function artistFields(name = "", headliner = false, songs: readonly string[] = []): ArtistFields {
  keys += 1;
  return { key: keys, name, headliner, songs: songs.join("\n") };
}

export function fieldsOf(concert: Concert | undefined, beginning: Beginning): Fields {
  const { name = "", city = "", country_code = "" } = concert?.venue ?? beginning.venue ?? {};
  const location = concert?.venue?.location ?? null;
  const zone = concert?.zone ?? "";
  const bill = concert
    ? concert.bill.map((each) => artistFields(each.name, each.headliner, each.songs))
    : [artistFields(beginning.artist)];
  return {
    venue: name,
    city,
    country_code,
    location,
    zone,
    bill: bill.length > 0 ? bill : [artistFields()],
  };
}

const songsOf = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** The bill, without lines that say nothing. Songs that are known already needn't be said again. */
function billOf(rows: readonly ArtistFields[], concert?: Concert): ArtistForm[] {
  return rows.flatMap((row) => {
    const name = row.name.trim();
    if (name === "") return [];
    const songs = songsOf(row.songs);
    const known = concert?.bill.find((each) => each.name === name);
    const { headliner } = row;
    const mbid = known?.mbid ?? "";
    return [{ name, mbid, headliner, ...(same(songs, known?.songs ?? []) ? {} : { songs }) }];
  });
}

function venueOf({ venue, city, country_code, location = null }: Fields): VenueForm | null {
  const name = venue.trim();
  if (name === "") return null;
  return { name, city: city.trim(), country_code, ...(location === null ? {} : { location }) };
}

const optional = (text: string | undefined) => {
  const said = (text ?? "").trim();
  return said === "" ? null : said;
};

export function formOf(fields: Fields, values: Values): ConcertForm {
  return {
    held_on: values.held_on ?? "",
    ends_on: optional(values.ends_on),
    zone: optional(fields.zone),
    title: (values.title ?? "").trim(),
    festival: values.festival !== undefined,
    venue: venueOf(fields),
    bill: billOf(fields.bill),
    notes: (values.notes ?? "").replaceAll("\r\n", "\n").trim(),
  };
}

/** Only what differs: the rest may be changed elsewhere meanwhile. */
export function changesOf(concert: Concert, fields: Fields, values: Values): ConcertPatch {
  const form = formOf(fields, values);
  const bill = billOf(fields.bill, concert);
  const venue = venueOf(fields);
  const was = concert.venue;
  const moved =
    (venue?.name ?? "") !== (was?.name ?? "") ||
    (venue?.city ?? "") !== (was?.city ?? "") ||
    (venue?.country_code ?? "") !== (was?.country_code ?? "");
  const played = concert.bill.map(({ name, mbid, headliner }) => ({ name, mbid, headliner }));
  return {
    ...(form.held_on === concert.held_on ? {} : { held_on: form.held_on }),
    ...(form.ends_on === concert.ends_on ? {} : { ends_on: form.ends_on ?? null }),
    ...(form.zone === concert.zone ? {} : { zone: form.zone ?? null }),
    ...(form.title === concert.title ? {} : { title: form.title }),
    ...(form.festival === concert.festival ? {} : { festival: form.festival }),
    ...(moved ? { venue } : {}),
    ...(same(bill, played) ? {} : { bill }),
    ...(form.notes === concert.notes.trim() ? {} : { notes: form.notes }),
  };
}
