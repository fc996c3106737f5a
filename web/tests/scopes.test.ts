import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { DOMAINS, scopeWords } from "@/account/scopes";

interface Operation {
  security?: Record<string, string[]>[];
}

test("every scope that an operation needs can be given to a token", async () => {
  const file = new URL("../src/api/openapi.json", import.meta.url);
  const { paths } = JSON.parse(await readFile(file, "utf8")) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const needed = new Set(
    Object.values(paths)
      .flatMap((path) => Object.values(path))
      .flatMap(({ security = [] }) => security.flatMap(({ token = [] }) => token)),
  );
  const offered = new Set(DOMAINS.flatMap(({ name }) => [`${name}:read`, `${name}:write`]));

  expect(needed.size).toBeGreaterThan(0);
  expect([...needed].filter((scope) => !offered.has(scope))).toEqual([]);
});

test("scopes are told by domain", () => {
  expect(scopeWords(["platform:read", "audio:write", "audio:read"])).toBe(
    "Music: read and write; Jobs: read",
  );
  expect(scopeWords(["tasks:read"])).toBe("tasks:read");
});
