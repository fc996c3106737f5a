/** What fields offer while somebody types: artists whom one saw, venues, cities. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Venue } from "../types";
import { plural } from "../words";
import { cityHitsQuery, offeredQuery, venueHitsQuery } from "./queries";
import type { Offer } from "./TypeAhead";
import { cityWords, countryName } from "./words";

const PAUSE_MS = 150;
const MOST = 8;

/** What was typed, once the typing pauses. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Nothing is offered to those who have written it out. */
const further = <T extends Offer>(offers: readonly T[], text: string) =>
  offers.length === 1 && offers[0]?.label === text ? [] : offers;

export function useArtistOffers(text: string): readonly Offer[] {
  const q = useSettled(text.trim());
  const { data } = useQuery(offeredQuery("artists", q));
  if (q === "" || !data) return [];
  const offers = data.items.map(({ id, name, concert_count }) => ({
    key: id,
    label: name,
    detail: `seen ${plural(concert_count, "time")}`,
  }));
  return further(offers, text);
}

type Where = Pick<Venue, "name" | "city" | "country_code" | "location">;

export interface VenueOffer extends Offer {
  venue: Where;
}

const offered = (key: string, venue: Where): VenueOffer => ({
  key,
  label: venue.name,
  detail: cityWords(venue),
  venue,
});

const isSame = (one: Where, other: Where) =>
  one.name.toLocaleLowerCase() === other.name.toLocaleLowerCase() &&
  one.city.toLocaleLowerCase() === other.city.toLocaleLowerCase();

/** Those of one's own history first, then what else is known of by that name. */
export function useVenueOffers(text: string): readonly VenueOffer[] {
  const q = useSettled(text.trim());
  const { data: own } = useQuery(offeredQuery("venues", q));
  const { data: hits } = useQuery(venueHitsQuery(q));
  if (q === "") return [];
  const mine = own?.items ?? [];
  const others = (hits?.items ?? []).flatMap((hit): VenueOffer[] => {
    const { id, name, city, country_code, latitude, longitude } = hit;
    const location = latitude === null || longitude === null ? null : { latitude, longitude };
    const venue = { name, city, country_code, location };
    return mine.some((each) => isSame(each, venue)) ? [] : [offered(id, venue)];
  });
  return further([...mine.map((each) => offered(each.id, each)), ...others].slice(0, MOST), text);
}

export interface CityOffer extends Offer {
  country_code: string;
  zone: string;
}

export function useCityOffers(text: string): readonly CityOffer[] {
  const q = useSettled(text.trim());
  const { data } = useQuery(cityHitsQuery(q));
  if (q === "" || !data) return [];
  const offers = data.items.slice(0, MOST).map(({ id, name, region, country_code, zone }) => ({
    key: String(id),
    label: name,
    // GeoNames' regions are words only in some countries.
    detail: [/^[A-Z]{2}$/.test(region) ? region : "", countryName(country_code)].filter(Boolean).join(", "),
    country_code,
    zone,
  }));
  return further(offers, text);
}

/** The cities of some venues. */
export const citiesOf = (venues: readonly Venue[]): string[] => [
  ...new Set(venues.map(({ city }) => city).filter((city) => city !== "")),
];
