/** Mentions: as people write them (`@Mia Bass`), and as the server keeps them (`@` and an id). */
import type { ProjectMember } from "../projects/queries";

export interface Person {
  id: string;
  /** What stands behind the `@`: their name, with a number where two are called the same. */
  handle: string;
}

const ID = /@([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/giu;

/** Those who can be mentioned: whose account is gone has no name. */
export function peopleOf(members: readonly ProjectMember[]): Person[] {
  const used = new Set<string>();
  return members
    .filter(({ name }) => name !== "")
    .map(({ user_id, name }) => {
      let handle = name;
      for (let number = 2; used.has(handle); number += 1) handle = `${name} ${number}`;
      used.add(handle);
      return { id: user_id, handle };
    });
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/gu, String.raw`\$&`);

/** What was written, as it is sent. The longest name wins: “Mia” isn't meant by “@Mia Bass”. */
export function sentText(text: string, people: readonly Person[]): string {
  if (people.length === 0) return text;
  const handles = people.map(({ handle }) => handle).sort((one, two) => two.length - one.length);
  const any = new RegExp(
    String.raw`(?<![\p{L}\p{N}_.])@(${handles.map(escaped).join("|")})(?![\p{L}\p{N}_])`,
    "gu",
  );
  return text.replace(any, (whole, handle: string) => {
    const meant = people.find((person) => person.handle === handle);
    return meant ? `@${meant.id}` : whole;
  });
}

/** What is kept, as it is written; who isn't there any more stays an id. */
export const writtenText = (text: string, people: readonly Person[]) =>
  text.replace(ID, (whole, id: string) => {
    const meant = people.find((person) => person.id === id.toLowerCase());
    return meant ? `@${meant.handle}` : whole;
  });

export interface Mentioning {
  /** Where its `@` stands. */
  from: number;
  /** What is typed behind it so far. */
  typed: string;
}

const TYPED = /(?:^|[\s([{"'“‘,;:])@([\p{L}\p{N} ._'’-]{0,40})$/u;

/** The mention that is being typed where the caret stands. */
export function mentioningAt(text: string, caret: number): Mentioning | null {
  const typed = TYPED.exec(text.slice(0, caret))?.[1];
  return typed === undefined ? null : { from: caret - typed.length - 1, typed };
}

const MOST = 6;

/** Those whose name, or a word of it, begins with what is typed. */
export function fitting(people: readonly Person[], typed: string): Person[] {
  const wanted = typed.toLocaleLowerCase();
  return people
    .filter(({ handle }) => {
      const name = handle.toLocaleLowerCase();
      return name.startsWith(wanted) || name.split(" ").some((word) => word.startsWith(wanted));
    })
    .slice(0, MOST);
}

interface Node {
  type: string;
  tagName?: string;
  value?: string;
  properties?: Record<string, unknown>;
  children?: Node[];
}

function parted(text: string, nameOf: (id: string) => string): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const found of text.matchAll(ID)) {
    nodes.push({ type: "text", value: text.slice(at, found.index) });
    const children = [{ type: "text", value: `@${nameOf(found[1]?.toLowerCase() ?? "")}` }];
    nodes.push({ type: "element", tagName: "mark", properties: {}, children });
    at = found.index + found[0].length;
  }
  return [...nodes, { type: "text", value: text.slice(at) }];
}

/** Makes marks with names of the ids in what Markdown has become; a step of `react-markdown`. */
export function namingMentions(nameOf: (id: string) => string) {
  const walk = (node: Node): void => {
    if (!node.children) return;
    node.children = node.children.flatMap((child) => {
      if (child.type === "text") return parted(child.value ?? "", nameOf);
      walk(child);
      return [child];
    });
  };
  return () => (tree: object) => walk(tree as Node);
}
