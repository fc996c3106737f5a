// @vitest-environment happy-dom
import { expect, test } from "vitest";
import type { Concert } from "../types";
import { changesOf, fieldsOf, formOf } from "./fields";
import { readHistory } from "./filter";
import { concertName, othersWords, zoneWords } from "./words";
import { filled } from "./fillYears";

const NIGHT: Concert = {
  id: "1",
  owner_id: "2",
  held_on: "2024-07-06",
  ends_on: null,
  zone: "Europe/Berlin",
  title: "",
  festival: false,
  venue: {
    id: "3",
    name: "Lido",
    city: "Berlin",
    country_code: "DE",
    location: { latitude: 52.5, longitude: 13.4 },
    concert_count: 1,
  },
  bill: [
    { artist_id: "4", name: "Dusk", mbid: "", headliner: false, songs: ["Salt"], tour: "", setlist_url: "" },
    { artist_id: "5", name: "The Lumens", mbid: "ab", headliner: true, songs: [], tour: "", setlist_url: "" },
  ],
  source: "automatic",
  confidence: 0.9,
  reasons: [],
  notes: "Loud.",
  edited: false,
  photo_count: 0,
  cover: null,
  created_at: "2024-07-07T00:00:00Z",
  updated_at: "2024-07-07T00:00:00Z",
  version: 1,
};
const AS_IT_IS = { held_on: "2024-07-06", title: "", notes: "Loud." };

test("a form that nobody touched changes nothing", () => {
  expect(changesOf(NIGHT, fieldsOf(NIGHT, {}), AS_IT_IS)).toEqual({});
});

test("songs that weren't touched aren't said again, those that were are", () => {
  const fields = fieldsOf(NIGHT, {});
  const bill = fields.bill.map((row) => (row.name === "Dusk" ? row : { ...row, songs: " Glass \n\nSalt" }));

  expect(changesOf(NIGHT, { ...fields, bill }, AS_IT_IS)).toEqual({
    bill: [
      { name: "Dusk", mbid: "", headliner: false },
      { name: "The Lumens", mbid: "ab", headliner: true, songs: ["Glass", "Salt"] },
    ],
  });
});

test("a venue that is emptied is taken away", () => {
  expect(changesOf(NIGHT, { ...fieldsOf(NIGHT, {}), venue: " " }, AS_IT_IS)).toEqual({ venue: null });
});

test("a new concert leaves out lines of the bill that say nothing", () => {
  const form = formOf(fieldsOf(undefined, { artist: " Dusk " }), { held_on: "2024-07-06", ends_on: "" });

  expect(form.bill).toEqual([{ name: "Dusk", mbid: "", headliner: false }]);
  expect([form.ends_on, form.zone, form.venue]).toEqual([null, null, null]);
});

test("a concert is called by its title, else by those on top of the bill", () => {
  expect(concertName(NIGHT)).toBe("The Lumens");
  expect(othersWords(NIGHT)).toBe("with Dusk");
  expect(concertName({ ...NIGHT, title: "For the roof" })).toBe("For the roof");
  expect(concertName({ ...NIGHT, bill: [] })).toBe("A concert at Lido");
});

test("a zone is told with what clocks showed there on that day", () => {
  expect(zoneWords("Europe/Berlin", "2024-07-06")).toBe("Europe/Berlin, UTC+02:00");
  expect(zoneWords("America/New_York", "2024-01-06")).toBe("America/New York, UTC−05:00");
  expect(zoneWords("Nowhere/Atall", "2024-01-06")).toBe("Nowhere/Atall");
});

test("years without concerts stand between the others, unless these are too many", () => {
  const years = [2024, 2021].map((year) => ({ year, count: 1 }));

  expect(filled(years).map(({ year, count }) => [year, count])).toEqual([
    [2021, 1],
    [2022, 0],
    [2023, 0],
    [2024, 1],
  ]);
  expect(filled([{ year: 2024, count: 1 }, { year: 1900, count: 1 }])).toHaveLength(2);
});

test("an address says only what a list can be asked for", () => {
  expect(readHistory({ year: 1984, q: 1984, sort: "-held_on", artist: "x", more: 1 })).toEqual({
    year: 1984,
    q: "1984",
    sort: "-held_on",
  });
  expect(readHistory({ year: "soon", sort: "loudest" })).toEqual({});
});
