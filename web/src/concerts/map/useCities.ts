/** The names of cities around where one looks, once one is close enough that they are told apart. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import { meet, type Box } from "./clusters";
import type { Name } from "./drawing";
import { citiesQuery } from "./queries";
import { degreesOf, placeOf, spotOf, type Size, type View } from "./view";

/** From here on, 30 km around the middle are most of what is seen. */
const CLOSE_PX = 2 ** 17;
const LETTER_PX = 7;
const LINE_PX = 18;
const NONE: readonly Name[] = [];

/** Told to a tenth of a degree, so that a small move asks nothing new. */
function nearOf(view: View): string | null {
  if (view.world_px < CLOSE_PX) return null;
  const { latitude, longitude } = degreesOf(view);
  return `${latitude.toFixed(1)},${longitude.toFixed(1)}`;
}

export function useCities(view: View, size: Size, taken: readonly Box[]): readonly Name[] {
  const near = useDeferredValue(nearOf(view));
  const { data } = useQuery({ ...citiesQuery(near), placeholderData: keepPreviousData });
  if (near === null || !data) return NONE;
  const covered = [...taken];
  const names: Name[] = [];
  const largest = data.items.toSorted((one, other) => other.population - one.population);
  for (const { name, latitude, longitude } of largest) {
    const place = placeOf(latitude, longitude);
    const { left_px, top_px } = spotOf(view, size, place);
    const half_px = (name.length * LETTER_PX) / 2;
    const box = {
      left: left_px - half_px,
      right: left_px + half_px,
      top: top_px - LINE_PX / 2,
      bottom: top_px + LINE_PX / 2,
    };
    if (covered.some((other) => meet(box, other))) continue;
    covered.push(box);
    names.push({ text: name, ...place });
  }
  return names;
}
