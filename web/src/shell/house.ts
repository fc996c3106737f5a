/** All faces put together: what rail, palette, keys, home, live events and words are read from. */
import { createContext, use, type ComponentType } from "react";
import type { Hearing } from "@/api/live";
import type { User } from "@/api/types";
import type { Actions } from "./audit/words";
import type { Bar, Command, Face, Figure, Keys, RailEntry, Search, Taking } from "./face";
import type { Scope } from "./scopes";

export interface House {
  faces: readonly Face[];
  rail: readonly RailEntry[];
  commands: readonly Command[];
  you: (me: User | undefined) => readonly Command[];
  searches: readonly Search<never>[];
  keys: readonly Keys[];
  live: readonly Hearing[];
  actions: Actions;
  figures: Readonly<Record<string, Figure>>;
  scopes: readonly Scope[];
  /** One at most: there is one foot to stand on. */
  bar: Bar;
  apps: readonly ComponentType<{ me: User }>[];
  takings: readonly Taking[];
}

/** Refuses what two faces claim both: each would hide the other somewhere. */
function once(what: string, names: readonly string[]): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`Two faces have the same ${what}: ${twice}. Rename one.`);
}

const NO_BAR: Bar = { show: () => null, useShown: () => false, page: "" };

const inOrder = (commands: readonly Command[]) => [
  ...commands.filter(({ last = false }) => !last),
  ...commands.filter(({ last = false }) => last),
];

export function assemble(faces: readonly Face[]): House {
  const house: House = {
    faces,
    rail: faces.flatMap(({ rail = [] }) => rail),
    commands: inOrder(faces.flatMap(({ commands = [] }) => commands)),
    you: (me) => inOrder(faces.flatMap(({ you }) => you?.(me) ?? [])),
    searches: faces.flatMap(({ search }) => search ?? []),
    keys: faces.flatMap(({ keys }) => keys ?? []),
    live: faces.flatMap(({ live }) => live ?? []),
    actions: Object.assign({}, ...faces.map(({ audit }) => audit)) as Actions,
    figures: Object.assign({}, ...faces.map(({ figures }) => figures)) as House["figures"],
    scopes: faces.flatMap(({ scopes = [] }) => scopes),
    bar: faces.find(({ bar }) => bar)?.bar ?? NO_BAR,
    apps: faces.flatMap(({ apps }) => apps ?? []),
    takings: faces.flatMap(({ taking }) => taking ?? []),
  };
  once("name", faces.map(({ name }) => name));
  once("rail entry", house.rail.map(({ to }) => to));
  once("command", house.commands.map(({ key }) => key));
  once("search", house.searches.map(({ what }) => what));
  const told = house.keys.flatMap(({ help }) => help);
  const everywhere = told.filter(({ on }) => on === undefined).flatMap(({ keys }) => keys);
  for (const on of new Set(told.map((each) => each.on))) {
    const there = told.filter((each) => each.on === on).flatMap(({ keys }) => keys);
    once("key", on === undefined ? there : [...everywhere, ...there]);
  }
  once("action", faces.flatMap(({ audit = {} }) => Object.keys(audit)));
  once("place for a bar", faces.flatMap(({ bar }) => (bar ? ["the foot of the page"] : [])));
  once("figure", faces.flatMap(({ figures = {} }) => Object.keys(figures)));
  once("scope", house.scopes.map(({ name }) => name));
  once("event", house.live.flatMap(({ hear }) => Object.keys(hear)));
  return house;
}

const HouseContext = createContext<House>(assemble([]));

export const HouseProvider = HouseContext.Provider;

export const useHouse = () => use(HouseContext);
