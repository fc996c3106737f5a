/**
 * What a domain tells the rest of the pages about itself. `src/domains.ts` lists every face; rail,
 * palette, keys, home, live events, the words of the audit log and of scopes are made from them, so
 * that nothing outside a domain's folder knows its name.
 *
 * A face is fetched with the first page, whichever that is: it names its pages by lazy imports, and
 * imports for itself only what must be there at once.
 */
import type { AnyRoute } from "@tanstack/react-router";
import type { ComponentType } from "react";
import type { Hearing } from "@/api/live";
import type { User } from "@/api/types";
import type { IconName } from "@/ui/Icon";
import type { Words } from "./audit/words";
import type { Scope } from "./scopes";

/** An address of the pages, as text: the router's own types are made from the faces. A test follows
 *  each of them. */
export type Address = string;

export interface RailEntry {
  to: Address;
  /** Further addresses under which one is there. */
  also?: readonly Address[];
  icon: IconName;
  /** A short noun. */
  label: string;
  /** Stands behind the search, for administrators. */
  adminOnly?: boolean;
  /** Stands at the end, beside what is one's own. */
  own?: boolean;
  /** How much is new there; a hook. */
  useNew?: () => number;
}

/** Something to choose: in the palette, or in the menu about oneself. */
export interface Command {
  key: string;
  label: string;
  detail?: string;
  icon: IconName;
  adminOnly?: boolean;
  /** Stands at the end of its list. */
  last?: boolean;
  /** Where it goes, or what it does. */
  run: Address | (() => void);
}

export interface Figure {
  label: string;
  icon: IconName;
  /** Counted, unless they are bytes. */
  unit?: "bytes";
}

/** How the palette finds a domain's things by name. */
export interface Search<T> {
  /** What is found, as a word: "track". */
  what: string;
  /** Its key in the query cache; live events reach what lies under it. */
  key: (text: string) => readonly unknown[];
  read: (text: string, signal: AbortSignal) => Promise<T>;
  commands: (found: T) => readonly Command[];
}

export interface KeyHelp {
  keys: readonly string[];
  does: string;
  /** The pages on which it does that; elsewhere the key may be another's. */
  on?: string;
}

export interface Keys {
  /** For the list on `?`. */
  help: readonly KeyHelp[];
  /** True when the key was for this domain. Never called while somebody writes. */
  press: (event: KeyboardEvent, target: Element) => boolean;
}

/** What a domain takes as files, and what becomes of them, in words. */
export interface Taking {
  /** For the file dialog: "Music files". */
  label: string;
  /** What that dialog offers, as an input's `accept`. */
  accept: string;
  /** What the server is to make of them; left out, a track. */
  kind?: string;
  /** Whether a file that is dropped just anywhere is one of these. */
  fits?: (file: File) => boolean;
  /** Whether they are through once they have arrived: no job goes on with them. */
  asItIs?: boolean;
  /** Said of a file once the server is through with it, and when it gave up without a reason. */
  done: string;
  failed: string;
}

/** A bar along the bottom that stays while pages change. */
export interface Bar {
  show: ComponentType;
  /** Whether it is there; a hook. */
  useShown: () => boolean;
  /** The page that takes its place on a phone. */
  page: Address;
}

export interface Face {
  /** As its folder is called. */
  name: string;
  /** Pages for everybody, children of `root`. */
  outside?: readonly AnyRoute[];
  /** Pages for those who are signed in, children of `inside`. */
  inside?: readonly AnyRoute[];
  rail?: readonly RailEntry[];
  commands?: readonly Command[];
  /** Entries of the menu about oneself; nobody is known while the first answer is on its way. */
  you?: (me: User | undefined) => readonly Command[];
  // Each domain's search is typed by what it finds; the palette hands that back unread.
  search?: Search<never>;
  keys?: Keys;
  live?: Hearing;
  /** What was done, by the name that the audit log has for it. */
  audit?: Readonly<Record<string, Words>>;
  /** What it counts for the administrators, by the name that the server has for it. */
  figures?: Readonly<Record<string, Figure>>;
  /** What an API token can be allowed. */
  scopes?: readonly Scope[];
  /** How apps of others are connected to it by an app password. */
  apps?: ComponentType<{ me: User }>;
  /** The files that it takes. What is dropped just anywhere and fits none goes to the first. */
  taking?: Taking | readonly Taking[];
  /** Its part of the first page, and the buttons beside that page's title. */
  home?: { part: ComponentType; actions?: ComponentType };
  /** Lines above every page. */
  above?: ComponentType;
  /** What floats over every page. */
  over?: ComponentType;
  bar?: Bar;
  /** Called once, before the first page. */
  start?: () => void;
}

/** A search as a face holds it, its type checked here. */
export const searching = <T>(search: Search<T>) => search as unknown as Search<never>;
