/** The countries of a form, by name. */
import { countryName } from "./words";

/** Groups of countries, and codes that stand for none. */
const NONE = new Set(["EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"]);
const LETTERS = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZ");

/** A former country is the one that it has become. */
const isPresent = (code: string) => new Intl.Locale(`und-${code}`).region === code;

export const COUNTRIES = LETTERS.flatMap((first) => LETTERS.map((second) => first + second))
  .map((value) => ({ value, name: countryName(value) }))
  .filter(({ value, name }) => name !== value && !NONE.has(value) && isPresent(value))
  .sort((one, other) => one.name.localeCompare(other.name, "en"));
