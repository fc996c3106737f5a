// @vitest-environment happy-dom
import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { DOMAINS } from "@/domains";
import { router } from "@/router";
import type { Command, Face } from "@/shell/face";
import { assemble } from "@/shell/house";
import { first, last } from "@/shell/own";

const house = assemble([first, ...DOMAINS, last]);
const kazoo: Face = {
  name: "kazoo",
  rail: [{ to: "/kazoos", icon: "play", label: "Kazoos" }],
  commands: [{ key: "kazoos", label: "Kazoos", icon: "play", run: "/kazoos" }],
  audit: { "kazoo.blow": { name: "Kazoo", icon: "play", did: () => "blew a kazoo" } },
  live: { topics: ["kazoos"], hear: { kazoo: () => undefined } },
  scopes: [{ name: "kazoo", label: "Kazoos", reads: "Hear them", writes: "Blow them" }],
};

let needed = new Set<string>();

beforeAll(async () => {
  const { paths } = JSON.parse(await readFile("src/api/openapi.json", "utf8")) as {
    paths: Record<string, Record<string, { security?: Record<string, string[]>[] }>>;
  };
  needed = new Set(
    Object.values(paths)
      .flatMap((path) => Object.values(path))
      .flatMap(({ security = [] }) => security.flatMap(({ token = [] }) => token)),
  );
});

test("each address that a face names leads to a page", () => {
  const pages = Object.keys(router.routesByPath);
  const addresses = [
    ...house.rail.map(({ to }) => to),
    ...[...house.commands, ...house.you(undefined)].map(({ run }: Command) => run),
    house.bar.page,
  ].filter((each) => typeof each === "string");

  expect(addresses).toContain("/library");
  expect(addresses.filter((address) => !pages.includes(address))).toEqual([]);
});

test("every scope that an operation needs can be given to a token", () => {
  const offered = new Set(house.scopes.flatMap(({ name }) => [`${name}:read`, `${name}:write`]));

  expect(needed.size).toBeGreaterThan(0);
  expect([...needed].filter((scope) => !offered.has(scope))).toEqual([]);
});

test("a face more is told of wherever faces are read, behind those before it", () => {
  const more = assemble([first, ...DOMAINS, kazoo, last]);

  expect(more.rail.map(({ label }) => label)).toEqual([
    ...house.rail.map(({ label }) => label),
    "Kazoos",
  ]);
  expect(more.commands.map(({ key }) => key)).toContain("kazoos");
  expect(more.actions["kazoo.blow"]?.name).toBe("Kazoo");
  expect(more.actions["session.login"]?.name).toBe("Sign-in");
  expect(more.live.flatMap(({ topics }) => topics)).toEqual(
    expect.arrayContaining(["jobs", "tracks", "kazoos"]),
  );
  expect(more.scopes.map(({ name }) => name)).toContain("kazoo");
});

test.each([
  ["rail entry", { rail: [{ to: "/library", icon: "play", label: "Mine" }] }],
  ["command", { commands: [{ key: "library", label: "Mine", icon: "play", run: "/" }] }],
  ["action", { audit: { "session.login": { name: "Mine", icon: "play", did: () => "" } } }],
  ["scope", { scopes: [{ name: "audio", label: "Mine", reads: "", writes: "" }] }],
  ["event", { live: { topics: [], hear: { track: () => undefined } } }],
  ["key", { keys: { help: [{ keys: ["j"], does: "Mine" }], press: () => false } }],
  ["key", { keys: { help: [{ keys: ["j"], does: "Mine", on: "mine" }], press: () => false } }],
] satisfies [string, Partial<Face>][])("two faces can't have the same %s", (what, part) => {
  expect(() => assemble([...house.faces, { name: "other", ...part }])).toThrow(
    `Two faces have the same ${what}`,
  );
});

test("a key may do one thing on the pages of one face and another on those of another", () => {
  const help = [{ keys: ["e"], does: "Edit the kazoo", on: "kazoos" }];
  const keys = { help, press: () => false };

  const more = assemble([...house.faces, { name: "other", keys }]);

  expect(more.keys).toContain(keys);
});
