/** Days and times in English words, as numbers of the local calendar. */

/** A day of the calendar, or a moment where hours and minutes were counted from now. */
export interface Day {
  year: number;
  month: number;
  date: number;
  instant?: Date;
  /** Behind the last of its words. */
  end: number;
}

export interface Clock {
  hour: number;
  minute: number;
  end: number;
}

type Words = readonly string[];

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const MONTHS = [
  "january", "february", "march", "april", "may", "june",
  "july", "august", "september", "october", "november", "december",
];
const SHORT_DAYS: Readonly<Record<string, number>> = {
  sun: 0, mon: 1, tue: 2, tues: 2, wed: 3, thu: 4, thur: 4, thurs: 4, fri: 5, sat: 6,
};
const NUMBERS = ["a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const WEEK_DAYS = 7;
const MOST_UNITS = 1_000;
const MINUTE_MS = 60_000;
const TONIGHT = 20;

const dayOf = (at: Date, end: number): Day => ({
  year: at.getFullYear(),
  month: at.getMonth(),
  date: at.getDate(),
  end,
});

const after = (now: Date, days: number, end: number) =>
  dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() + days), end);

/** A date that is in the calendar; the 30th of February isn't. */
function dated(year: number, month: number, date: number, end: number): Day | null {
  const at = new Date(year, month, date);
  return at.getMonth() === month && at.getDate() === date ? dayOf(at, end) : null;
}

function monthOf(word: string | undefined): number | null {
  if (word === undefined || word.length < 3) return null;
  const at = MONTHS.findIndex((name) => name === word || (name.slice(0, 3) === word) || (word === "sept" && name === "september"));
  return at < 0 ? null : at;
}

function numberOf(word: string | undefined): number | null {
  if (word === undefined) return null;
  if (/^\d{1,3}$/.test(word)) return Number(word);
  if (word === "an" || word === "one") return 1;
  const at = NUMBERS.indexOf(word);
  return at < 0 ? null : at + 1;
}

const dateOf = (word: string | undefined) => {
  const match = /^(\d{1,2})(?:st|nd|rd|th)?$/.exec(word ?? "");
  return match ? Number(match[1]) : null;
};

/** "in 3 days", "in a week", "in 20 minutes". */
function counted(words: Words, at: number, now: Date): Day | null {
  const count = words[at] === "in" ? numberOf(words[at + 1]) : null;
  if (count === null || count > MOST_UNITS) return null;
  const end = at + 3;
  switch (words[at + 2]?.replace(/s$/, "")) {
    case "day":
      return after(now, count, end);
    case "week":
      return after(now, count * WEEK_DAYS, end);
    case "month": {
      // The 31st, a month on, is the last day of a shorter month.
      const last = new Date(now.getFullYear(), now.getMonth() + count + 1, 0);
      const date = Math.min(now.getDate(), last.getDate());
      return dayOf(new Date(last.getFullYear(), last.getMonth(), date), end);
    }
    case "hour":
      return moment(now, count * 60, end);
    case "minute":
    case "min":
      return moment(now, count, end);
    default:
      return null;
  }
}

function moment(now: Date, minutes: number, end: number): Day {
  const instant = new Date(now.getTime() + minutes * MINUTE_MS);
  instant.setSeconds(0, 0);
  return { ...dayOf(instant, end), instant };
}

/** "next monday" is next week's; "next week" is its Monday. */
function following(words: Words, at: number, now: Date): Day | null {
  if (words[at] !== "next") return null;
  const said = words[at + 1] ?? "";
  const toMonday = ((8 - now.getDay()) % WEEK_DAYS) || WEEK_DAYS;
  if (said === "week") return after(now, toMonday, at + 2);
  if (said === "month") return dayOf(new Date(now.getFullYear(), now.getMonth() + 1, 1), at + 2);
  const weekday = weekdayOf(said, true);
  if (weekday === null) return null;
  return after(now, toMonday + ((weekday + WEEK_DAYS - 1) % WEEK_DAYS), at + 2);
}

/** Short names are words too ("sun", "sat"): they count only where something leads to them. */
function weekdayOf(word: string, short: boolean): number | null {
  const at = WEEKDAYS.indexOf(word);
  if (at >= 0) return at;
  return short && Object.hasOwn(SHORT_DAYS, word) ? (SHORT_DAYS[word] ?? null) : null;
}

/** "5 may", "may 5th", "5 may 2027"; without a year the next one that comes. */
function inMonth(words: Words, at: number, now: Date): Day | null {
  const [one, other] = [words[at], words[at + 1]];
  const date = dateOf(one) ?? dateOf(other);
  const month = dateOf(one) === null ? monthOf(one) : monthOf(other);
  if (date === null || month === null) return null;
  const year = /^20\d\d$/.exec(words[at + 2] ?? "");
  if (year) return dated(Number(year[0]), month, date, at + 3);
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const passed = new Date(now.getFullYear(), month, date) < today;
  const first = now.getFullYear() + (passed ? 1 : 0);
  // 29 February waits for its year.
  return [0, 1, 2, 3, 4].map((years) => dated(first + years, month, date, at + 2)).find((day) => day !== null) ?? null;
}

/** The day that begins at a word. `introduced`: something like "on" stands before it. */
export function readDay(words: Words, at: number, now: Date, introduced: boolean): Day | null {
  const word = words[at];
  if (word === undefined || word === "") return null;
  if (word === "today") return after(now, 0, at + 1);
  if (word === "tomorrow") return after(now, 1, at + 1);
  if (word === "tonight") {
    const day = after(now, 0, at + 1);
    return readTime(words, at + 1, true)
      ? day
      : { ...day, instant: new Date(day.year, day.month, day.date, TONIGHT) };
  }
  const written = /^(20\d\d)-(\d\d)-(\d\d)$/.exec(word);
  if (written) return dated(Number(written[1]), Number(written[2]) - 1, Number(written[3]), at + 1);
  const weekday = weekdayOf(word, introduced || readTime(words, at + 1, false) !== null);
  if (weekday !== null) {
    return after(now, (weekday - now.getDay() + WEEK_DAYS) % WEEK_DAYS || WEEK_DAYS, at + 1);
  }
  return counted(words, at, now) ?? following(words, at, now) ?? inMonth(words, at, now);
}

/** The time that begins at a word; bare hours count only where "at" or a day leads to them. */
export function readTime(words: Words, at: number, introduced: boolean): Clock | null {
  const word = words[at] ?? "";
  if (word === "noon") return { hour: 12, minute: 0, end: at + 1 };
  const joined = /^(am|pm)$/.test(words[at + 1] ?? "") ? (words[at + 1] ?? "") : "";
  const twelve = /^(\d{1,2})(?:[:.](\d\d))?(am|pm)$/.exec(word + joined);
  if (twelve) {
    const [hour, minute] = [Number(twelve[1]), Number(twelve[2] ?? 0)];
    if (hour < 1 || hour > 12 || minute > 59) return null;
    const end = at + (joined === "" ? 1 : 2);
    return { hour: (hour % 12) + (twelve[3] === "pm" ? 12 : 0), minute, end };
  }
  const written = /^(\d{1,2}):(\d\d)$/.exec(word) ?? (introduced && words[at - 1] === "at" ? /^(\d{1,2})$/.exec(word) : null);
  if (!written) return null;
  const [hour, minute] = [Number(written[1]), Number(written[2] ?? 0)];
  return hour < 24 && minute < 60 ? { hour, minute, end: at + 1 } : null;
}
