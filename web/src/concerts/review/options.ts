/** What one may choose while saying by hand which concert it was: from the history, from the
 *  candidates, or just as one has written it. */
import type { Option } from "./Finder";
import type { Found } from "./queries";
import { concertName, venueWords } from "../history/words";
import type { ConcertItem } from "../types";
import type { KnownVenue, Review, VenueForm } from "./types";
import { seenWords } from "./words";

export type Taken =
  | { kind: "join"; concert: ConcertItem }
  | { kind: "venue"; venue: VenueForm }
  | { kind: "artist"; name: string };

export type Choosable = Option<Taken>;

const DAY_MS = 86_400_000;

const joined = (concert: ConcertItem): Choosable => ({
  key: `concert-${concert.id}`,
  icon: "check",
  label: concertName(concert),
  detail: seenWords(concert),
  taken: { kind: "join", concert },
});

function venueOption(venue: VenueForm, detail: string): Choosable {
  return {
    key: `venue-${venue.name.toLowerCase()}-${venue.city.toLowerCase()}`,
    icon: "place",
    label: venueWords(venue),
    detail,
    taken: { kind: "venue", venue },
  };
}

const artistOption = (name: string, detail: string): Choosable => ({
  key: `artist-${name.toLowerCase()}`,
  icon: "user",
  label: name,
  detail,
  taken: { kind: "artist", name },
});

type Placed = Pick<VenueForm, "name" | "city" | "country_code" | "location">;

const venueForm = ({ name, city, country_code, location = null }: Placed): VenueForm => ({
  name,
  city,
  country_code,
  location,
});

const metres = (distance_m: number) =>
  distance_m < 1_000 ? `${Math.round(distance_m / 10) * 10} m` : `${(distance_m / 1_000).toFixed(1)} km`;

function knownOption(venue: KnownVenue): Choosable {
  const { latitude, longitude, distance_m } = venue;
  const location = latitude === null || longitude === null ? null : { latitude, longitude };
  const away = distance_m == null ? "Venue" : `Venue, ${metres(distance_m)} from the photos`;
  return venueOption(venueForm({ ...venue, location }), away);
}

/** Venues and artists of the candidates. */
function ofCandidates({ candidates }: Review): Choosable[] {
  return [
    ...candidates.flatMap(({ venue }) =>
      venue === null ? [] : [venueOption(venueForm(venue), "Venue, maybe it was there")],
    ),
    ...candidates.flatMap(({ bill }) => bill.map(({ name }) => artistOption(name, "Artist, maybe they played"))),
  ];
}

/** Whether a concert was on one of the days, or beside one. */
function isNear({ held_on, ends_on }: ConcertItem, days: readonly string[]): boolean {
  const [from, to] = [Date.parse(held_on) - DAY_MS, Date.parse(ends_on ?? held_on) + DAY_MS];
  return days.some((day) => Date.parse(day) >= from && Date.parse(day) <= to);
}

/** Each once, as it came first. */
function once(options: readonly Choosable[]): Choosable[] {
  return [...new Map(options.toReversed().map((each) => [each.key, each])).values()].toReversed();
}

const MOST_OFFERED = 8;

export function optionsOf(
  review: Review,
  text: string,
  found: Found | undefined,
  thatYear: readonly ConcertItem[],
  around: readonly KnownVenue[],
): Choosable[] {
  const near = thatYear.filter((concert) => isNear(concert, review.days)).map(joined);
  const maybe = ofCandidates(review);
  if (text === "") return once([...near, ...maybe, ...around.map(knownOption)]).slice(0, MOST_OFFERED);
  const typed = text.toLowerCase();
  const holds = ({ label }: Choosable) => label.toLowerCase().includes(typed);
  return once([
    ...near.filter(holds),
    ...(found?.artists ?? []).map(({ name }) => artistOption(name, "Artist of your history")),
    ...(found?.venues ?? []).map((venue) => venueOption(venueForm(venue), "Venue of your history")),
    ...maybe.filter(holds),
    ...(found?.known ?? []).map(knownOption),
    ...(found?.concerts ?? []).map(joined),
    artistOption(text, "Artist"),
    venueOption({ name: text, city: "", country_code: "" }, "Venue"),
  ]);
}
