/**
 * Reads a task from one line of natural words: "Restring the bass tomorrow 9am !high #gear".
 * A pure function of the line, of now, and of what is to be taken by its letters; times are local.
 */
import { endOfDay } from "./due";
import { readDay, readTime, type Clock, type Day } from "./readingTime";
import type { Priority } from "./types";

export interface Reading {
  kind: "due" | "priority" | "label";
  /** The words that were read, as they stand in the line. */
  words: string;
  /** Where each stretch of them begins and ends in the line. */
  spans: readonly (readonly [from: number, to: number])[];
}

export interface ReadTask {
  title: string;
  due_at: string | null;
  priority: Priority | null;
  labels: readonly string[];
  readings: readonly Reading[];
}

export interface Word {
  text: string;
  from: number;
  to: number;
}

const PRIORITY = /^!(low|medium|high|urgent)$/i;
const LABEL = /^#([^\s,#]{1,50})$/u;
const MOST_LABELS = 20;
/** Said before a day or a time, they belong to it. */
const BEFORE_DUE = /^(on|by|at|due|until)$/i;
const MOST_BEFORE = 2;
const QUOTED = /"[^"]*"|“[^”]*”/gu;

const plain = (text: string) => text.replace(/[,;.]+$/u, "").toLowerCase();

/** The words of a line outside of quotation marks: what is quoted is a name, and is left alone. */
function wordsOf(line: string): (Word | null)[] {
  const quoted = [...line.matchAll(QUOTED)].map((match) => [match.index, match.index + match[0].length] as const);
  return [...line.matchAll(/\S+/gu)].map((match) => {
    const [from, to] = [match.index, match.index + match[0].length];
    return quoted.some(([start, end]) => from < end && to > start) ? null : { text: match[0], from, to };
  });
}

interface Found {
  day?: Day;
  clock?: Clock;
  first: number;
  /** Behind the last of its words. */
  end: number;
}

/** A day, a time, or one behind the other, where they begin at a word. */
function foundAt(words: readonly string[], start: number, now: Date): Found | null {
  let at = start;
  // "due by friday"
  while (at < start + MOST_BEFORE && BEFORE_DUE.test(words[at] ?? "")) at += 1;
  const said = words[at - 1];
  const introduced = at > start && said !== undefined ? said : null;
  const day = readDay(words, at, now, introduced !== null);
  if (day) {
    const between = words[day.end] === "at" ? day.end + 1 : day.end;
    const clock = readTime(words, between, true);
    if (day.instant === undefined && clock) return { day, clock, first: start, end: clock.end };
    // "at 9" without a time behind it isn't one.
    return { day, first: start, end: day.end };
  }
  const clock = readTime(words, at, introduced === "at" || introduced === "by");
  if (!clock) return null;
  const by = words[clock.end];
  const after = by !== undefined && BEFORE_DUE.test(by) ? clock.end + 1 : clock.end;
  const late = readDay(words, after, now, true);
  return late && late.instant === undefined
    ? { day: late, clock, first: start, end: late.end }
    : { clock, first: start, end: clock.end };
}

function momentOf({ day, clock }: Found, now: Date): Date {
  if (day?.instant !== undefined) return day.instant;
  if (day && !clock) return endOfDay(day.year, day.month, day.date);
  const { hour, minute } = clock ?? { hour: 0, minute: 0 };
  if (day) return new Date(day.year, day.month, day.date, hour, minute);
  const today = new Date(now.getFullYear(), now.getMonth(), now.getDate(), hour, minute);
  // A time alone is the next one that comes.
  return today > now
    ? today
    : new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, hour, minute);
}

/** `literal` are words that were read and taken back: they are part of the title. */
export function readTask(line: string, now: Date, literal: readonly string[] = []): ReadTask {
  const all = wordsOf(line);
  const words = all.map((word) => (word === null ? "" : plain(word.text)));
  const readings: Reading[] = [];
  const labels: string[] = [];
  let due: Date | null = null;
  let priority: Priority | null = null;

  const take = (kind: Reading["kind"], first: number, end: number): boolean => {
    const [from, to] = [all[first]?.from ?? 0, all[end - 1]?.to ?? 0];
    const said = line.slice(from, to);
    if (literal.includes(said)) return false;
    readings.push({ kind, words: said, spans: [[from, to]] });
    return true;
  };

  let at = 0;
  while (at < all.length) {
    const word = all[at];
    const text = word?.text.replace(/[,;.]+$/u, "") ?? "";
    const asPriority = PRIORITY.exec(text)?.[1];
    const asLabel = LABEL.exec(text)?.[1];
    if (priority === null && asPriority !== undefined && take("priority", at, at + 1)) {
      priority = asPriority.toLowerCase() as Priority;
    } else if (asLabel !== undefined && labels.length < MOST_LABELS && take("label", at, at + 1)) {
      if (!labels.includes(asLabel)) labels.push(asLabel);
    } else if (due === null && word) {
      const found = foundAt(words, at, now);
      if (found && take("due", found.first, found.end)) {
        due = momentOf(found, now);
        at = found.end;
        continue;
      }
      // What was taken back is passed over whole: no part of it is read instead.
      if (found) {
        at = found.end;
        continue;
      }
    }
    at += 1;
  }
  return {
    title: titleOf(line, readings),
    due_at: due?.toISOString() ?? null,
    priority,
    labels,
    readings,
  };
}

/** What is left of a line without what was read. */
function titleOf(line: string, readings: readonly Reading[]): string {
  const spans = readings.flatMap((each) => each.spans).sort(([one], [other]) => one - other);
  let title = "";
  let next = 0;
  for (const [from, to] of spans) {
    title += line.slice(next, from);
    next = to;
  }
  return (title + line.slice(next)).replace(/\s+/gu, " ").trim().replace(/[,;]+$/u, "").trim();
}
