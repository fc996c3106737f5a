/** What a chart shows, and the same as rows of a table. */

export interface Series {
  name: string;
  /** The name of a colour among the tokens: a domain's hue, `ok`, `trouble`. */
  hue: string;
  /** As many as there are places across; null where nothing is known. */
  values: readonly (number | null)[];
}

export interface ChartData {
  across: {
    /** "State", "Time". */
    name: string;
    /** Names stand side by side as bars; numbers lie on a line, told by `words`. */
    places: readonly string[] | readonly number[];
    words?: (place: number) => string;
    /** By how much the axis may count, where tens say little: minutes and hours. */
    steps?: readonly number[];
    /** Names too long to stand beside each other stand below each other, their bars lying. */
    lying?: true;
  };
  /** What the values are: "jobs", "dBFS". */
  unit: string;
  /** A value in words, without the unit. */
  words?: (value: number) => string;
  /** The ends of the upright axis, where the values alone don't say it. */
  between?: readonly [number, number];
  series: readonly Series[];
}

/** Longer ones are thinned: nobody reads, or hears, a thousand rows. */
const MOST_ROWS = 60;

const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

export const wordsOf = ({ words }: ChartData) => words ?? ((value: number) => plain.format(value));

export const isNamed = (places: ChartData["across"]["places"]): places is readonly string[] =>
  typeof places[0] === "string";

export function placeWords({ across }: ChartData): (place: string | number) => string {
  const { words = (place: number) => plain.format(place) } = across;
  return (place) => (typeof place === "string" ? place : words(place));
}

/** The places of values without a neighbour: no line leads there, so they need a dot. */
export const lonely = (values: ArrayLike<number | null | undefined>): number[] =>
  [...Array(values.length).keys()].filter(
    (at) => values[at] != null && values[at - 1] == null && values[at + 1] == null,
  );

export interface Row {
  at: string;
  values: readonly string[];
}

/** Each row tells one place; of a long chart every n-th. */
export function rowsOf(data: ChartData): Row[] {
  const { across, series } = data;
  const { places } = across;
  const step = Math.max(1, Math.ceil(places.length / MOST_ROWS));
  const [value, place] = [wordsOf(data), placeWords(data)];
  return [...places.entries()]
    .filter(([index]) => index % step === 0)
    .map(([index, each]) => ({
      at: place(each),
      values: series.map(({ values }) => {
        const known = values[index] ?? null;
        return known === null ? "–" : value(known);
      }),
    }));
}
