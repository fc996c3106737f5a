import { readFile } from "node:fs/promises";
import openapiTS, { astToString, COMMENT_HEADER } from "openapi-typescript";
import { expect, test } from "vitest";

/** How long it takes is the machine's: a busy one needs a while. */
const PATIENCE_MS = 120_000;

test("the client's types are those of the committed API description", async () => {
  const description = new URL("../src/api/openapi.json", import.meta.url);
  const committed = new URL("../src/api/schema.d.ts", import.meta.url);

  const made = COMMENT_HEADER + astToString(await openapiTS(description));

  expect(made, "Run `npm run types` in web/.").toBe(await readFile(committed, "utf8"));
}, PATIENCE_MS);
