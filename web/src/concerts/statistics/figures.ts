/** A history's figures as charts: each says what it counts, of what there is most. */
import type { Schemas } from "@/api/types";
import type { ChartData } from "@/ui/chartData";
import { count } from "@/ui/format";
import { filled } from "../history/fillYears";
import { countryName } from "../history/words";

export type Statistics = Schemas["Statistics"];

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
const MOST_BARS = 10;
const ROW_PX = 30;
const FRAME_PX = 56;

interface Named {
  name: string;
  count: number;
}

const bars = (across: ChartData["across"], values: readonly number[]): ChartData => ({
  across,
  unit: "concerts",
  words: count,
  series: [{ name: "Concerts", hue: "concerts", values }],
});

/** The more bars, the higher; few ones don't float in emptiness. */
export const heightOf = ({ across }: ChartData) => across.places.length * ROW_PX + FRAME_PX;

/** Names that are the same are told apart by what may stand behind them. */
function apart(items: readonly { name: string; behind: string; count: number }[]): Named[] {
  const names = items.map(({ name }) => name);
  const isTwice = (name: string) => names.indexOf(name) !== names.lastIndexOf(name);
  return items.map(({ name, behind, count: n }) => ({
    name: behind !== "" && isTwice(name) ? `${name}, ${behind}` : name,
    count: n,
  }));
}

function ranked(name: string, items: readonly Named[]): ChartData {
  const shown = items.slice(0, MOST_BARS);
  const places = shown.map((each) => each.name);
  return bars({ name, places, lying: true }, shown.map((each) => each.count));
}

export const byYear = ({ years }: Statistics): ChartData => {
  const all = filled(years);
  return bars({ name: "Year", places: all.map(({ year }) => String(year)) }, all.map((each) => each.count));
};

export const byWeekday = ({ weekdays }: Statistics): ChartData =>
  bars({ name: "Weekday", places: WEEKDAYS }, weekdays);

export const byArtist = ({ artists }: Statistics) => ranked("Artist", artists);

export const byVenue = ({ venues }: Statistics) =>
  ranked("Venue", apart(venues.map((each) => ({ ...each, behind: each.city }))));

export const byCity = ({ cities }: Statistics) =>
  ranked("City", apart(cities.map((each) => ({ ...each, name: each.city, behind: each.country_code }))));

export const byCountry = ({ countries }: Statistics) =>
  ranked("Country", countries.map((each) => ({ name: countryName(each.country_code), count: each.count })));
