import { expect, test } from "vitest";
import { rowsOf } from "@/ui/chartData";
import { byCity, byVenue, byWeekday, byYear, type Statistics } from "./figures";

const FIGURES: Statistics = {
  concert_count: 3,
  artist_count: 1,
  venue_count: 2,
  city_count: 2,
  years: [
    { year: 2019, count: 2 },
    { year: 2021, count: 1 },
  ],
  weekdays: [0, 0, 0, 0, 2, 1, 0],
  artists: [],
  venues: [
    { id: "1", name: "Lido", city: "Berlin", country_code: "DE", count: 2 },
    { id: "2", name: "Lido", city: "Paris", country_code: "FR", count: 1 },
    { id: "3", name: "SO36", city: "Berlin", country_code: "DE", count: 1 },
  ],
  cities: [
    { city: "Berlin", country_code: "DE", count: 2 },
    { city: "Paris", country_code: "FR", count: 1 },
  ],
  countries: [],
};

const names = (data: ReturnType<typeof byYear>) => rowsOf(data).map(({ at }) => at);

test("years without concerts stand between those with", () => {
  expect(rowsOf(byYear(FIGURES))).toEqual([
    { at: "2019", values: ["2"] },
    { at: "2020", values: ["0"] },
    { at: "2021", values: ["1"] },
  ]);
});

test("venues of one name are told apart by their cities", () => {
  expect(names(byVenue(FIGURES))).toEqual(["Lido, Berlin", "Lido, Paris", "SO36"]);
  expect(names(byCity(FIGURES))).toEqual(["Berlin", "Paris"]);
});

test("a week begins on Monday", () => {
  expect(rowsOf(byWeekday(FIGURES))[4]).toEqual({ at: "Fri", values: ["2"] });
});
