/** Which photos a page shows, read from its address. */
import { textOf } from "@/shell/roots";
import type { Filter } from "./types";

export function readFilter(search: Record<string, unknown>): Filter {
  const concert = textOf(search.concert);
  const day = textOf(search.day);
  const within = textOf(search.within);
  const group = textOf(search.group);
  const source = textOf(search.source);
  // Those of one concert are a list of their own.
  if (concert !== undefined) return { concert };
  return {
    ...(day === undefined ? {} : { day }),
    ...(within === undefined ? {} : { within }),
    ...(search.starred === true ? { starred: true } : {}),
    ...(group === undefined ? {} : { group }),
    ...(source === undefined ? {} : { source }),
  };
}

export const isFiltered = (filter: Filter) => Object.keys(filter).length > 0;
