import { expect, test } from "vitest";
import { createParser } from "@/api/sse";

test("an event is complete only with its empty line", () => {
  const parser = createParser();

  expect(parser.feed('event: job\ndata: {"id"')).toEqual([]);
  expect(parser.feed(':"1"}\n')).toEqual([]);
  expect(parser.feed("\n")).toEqual([{ name: "job", data: '{"id":"1"}' }]);
});

test("several data lines are joined, and lines may end in any of three ways", () => {
  const parser = createParser();

  const events = parser.feed("data: one\r\ndata: two\r\n\r\ndata: three\r\rdata: four\n\n");

  expect(events.map(({ data }) => data)).toEqual(["one\ntwo", "three", "four"]);
});

test("a line end cut in two between chunks is still one line end", () => {
  const parser = createParser();

  const events = [...parser.feed("data: one\r"), ...parser.feed("\n\r\n"), ...parser.feed("")];

  expect(events).toEqual([{ name: "message", data: "one" }]);
});

test("comments are passed over; id and retry are remembered", () => {
  const parser = createParser();

  expect(parser.feed(": still here\nid: 42\nretry: 1500\n\n")).toEqual([]);
  expect(parser.lastId()).toBe("42");
  expect(parser.retryMs()).toBe(1500);
});

test("an id with a NUL byte and a retry that is no number are ignored", () => {
  const parser = createParser();

  parser.feed("id: a\0b\nretry: soon\n\n");

  expect(parser.lastId()).toBeNull();
  expect(parser.retryMs()).toBeNull();
});
