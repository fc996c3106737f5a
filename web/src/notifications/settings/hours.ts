/** Hours and time zones to choose from. */

interface Option {
  value: string;
  name: string;
}

export const HOURS: readonly Option[] = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  name: `${String(hour).padStart(2, "0")}:00`,
}));

/** Where this browser is. */
export const zoneHere = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Every zone that the browser knows, with the one that was chosen; this browser's stands first. */
export function zonesWith(chosen: string, here: string): readonly Option[] {
  const known = new Set([...Intl.supportedValuesOf("timeZone"), "UTC", chosen]);
  known.delete(here);
  return [
    { value: here, name: `${named(here)} (here)` },
    ...[...known].sort().map((value) => ({ value, name: named(value) })),
  ];
}

const named = (zone: string) => zone.replaceAll("_", " ");
