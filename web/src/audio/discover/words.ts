/** Reasons in the words of people. */
import type { Reason } from "./queries";

/** From here on two sounds can hardly be told apart. */
const MUCH_ALIKE = 0.85;

const often = (count: number) => (count === 2 ? "twice" : `${count} times`);

const month = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" });

/** 2024-03 as "March 2024". */
const inMonth = (said: string) => month.format(new Date(`${said}-01T00:00:00Z`));

const times = (count: number | null | undefined, once: string) =>
  count == null || count < 2 ? once : ` ${often(count)}`;

const WORDS: Record<Reason["code"], (reason: Reason) => string> = {
  sound: ({ share }) => ((share ?? 0) >= MUCH_ALIKE ? "Sounds much alike" : "Sounds alike"),
  artist: ({ name }) => `Also by ${name ?? ""}`,
  genre: ({ name }) => `Same genre: ${name ?? ""}`,
  years: ({ year }) => `From ${year ?? ""}`,
  heard_together: ({ count }) => `Heard together${times(count, " once")}`,
  in_playlists: ({ count }) =>
    (count ?? 1) > 1 ? `Side by side in ${count ?? 1} playlists` : "Side by side in a playlist",
  by_artist: ({ name }) => `By ${name ?? ""}`,
  begins_with: () => "Where it begins",
  near_track: ({ name }) => `Like “${name ?? ""}”`,
  heard_on_this_day: ({ count, year }) => `Heard${times(count, "")} on this day in ${year ?? ""}`,
  released_on_this_day: ({ year }) => `Came out on this day in ${year ?? ""}`,
  not_heard_since: ({ name }) => `Not heard since ${name == null ? "long ago" : inMonth(name)}`,
  never_heard: () => "Never heard yet",
  like_loved: ({ name }) => `Like “${name ?? ""}”, which you love`,
};

export const inWords = (reason: Reason) => WORDS[reason.code](reason);

export const allInWords = (reasons: readonly Reason[]) => reasons.map(inWords).join(" · ");

/** Today where the reader is, as 2026-05-06. */
export const dayOf = (now: Date) =>
  [now.getFullYear(), now.getMonth() + 1, now.getDate()]
    .map((part, at) => String(part).padStart(at === 0 ? 4 : 2, "0"))
    .join("-");
