import { expect, test } from "vitest";
import { scopeWords } from "@/shell/scopes";

const scope = (name: string, label: string) => ({ name, label, reads: "See", writes: "Change" });
const SCOPES = [scope("audio", "Music"), scope("platform", "Jobs")];

test("scopes are told by domain", () => {
  expect(scopeWords(["platform:read", "audio:write", "audio:read"], SCOPES)).toBe(
    "Music: read and write; Jobs: read",
  );
});

test("a scope that no face has words for is still told", () => {
  expect(scopeWords(["tasks:read"], SCOPES)).toBe("tasks:read");
});
