/** Mentions between what people write and what the server keeps. */
import { expect, test } from "vitest";
import {
  fitting,
  mentioningAt,
  namingMentions,
  peopleOf,
  sentText,
  writtenText,
} from "@/tasks/comments/mentions";

const ID = (last: string) => `01a22480-0000-7000-8000-00000000000${last}`;
const member = (last: string, name: string) => ({
  user_id: ID(last),
  name,
  rank: "editor" as const,
  since: "2026-01-01T00:00:00Z",
});
const people = peopleOf([
  member("1", "Mia"),
  member("2", "Mia Bass"),
  member("3", "Mia"),
  member("4", "J. (Jay) O'Neil"),
  member("5", ""),
]);

test("two of the same name are told apart, and whose account is gone can't be mentioned", () => {
  expect(people.map(({ handle }) => handle)).toEqual(["Mia", "Mia Bass", "Mia 2", "J. (Jay) O'Neil"]);
});

test.each([
  ["@Mia, please", `@${ID("1")}, please`],
  ["ask @Mia Bass", `ask @${ID("2")}`],
  ["(@Mia 2)", `(@${ID("3")})`],
  ["@J. (Jay) O'Neil!", `@${ID("4")}!`],
  ["@Miami isn't anybody", "@Miami isn't anybody"],
  ["mail to band@Mia", "mail to band@Mia"],
  ["no @Somebody here", "no @Somebody here"],
])("%s is sent as %s, and written so again", (written, sent) => {
  expect(sentText(written, people)).toBe(sent);
  expect(writtenText(sent, people)).toBe(written);
});

test("who isn't there any more stays as they were mentioned", () => {
  expect(writtenText(`@${ID("9")}`, people)).toBe(`@${ID("9")}`);
});

test.each([
  ["@", { from: 0, typed: "" }],
  ["ask @Mi", { from: 4, typed: "Mi" }],
  ["ask @Mia Ba", { from: 4, typed: "Mia Ba" }],
  ["band@Mia", null],
  ["@Mia\nnext line", null],
])("at the end of %j the mention is %j", (text, expected) => {
  expect(mentioningAt(text, text.length)).toEqual(expected);
});

test("names are found by the beginning of any of their words", () => {
  expect(fitting(people, "bas").map(({ handle }) => handle)).toEqual(["Mia Bass"]);
  expect(fitting(people, "mia").map(({ handle }) => handle)).toEqual(["Mia", "Mia Bass", "Mia 2"]);
  expect(fitting(people, "zoe")).toEqual([]);
});

test("ids become marks with names, wherever they stand", () => {
  const text = { type: "text", value: `Ask @${ID("2")} and @${ID("9")}.` };
  const tree = { type: "root", children: [{ type: "element", tagName: "p", children: [text] }] };
  namingMentions((id) => (id === ID("2") ? "Mia Bass" : "somebody"))()(tree);
  const mark = (name: string) => ({
    type: "element",
    tagName: "mark",
    properties: {},
    children: [{ type: "text", value: name }],
  });
  expect(tree.children[0]?.children).toEqual([
    { type: "text", value: "Ask " },
    mark("@Mia Bass"),
    { type: "text", value: " and " },
    mark("@somebody"),
    { type: "text", value: "." },
  ]);
});
