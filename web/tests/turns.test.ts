import { expect, test } from "vitest";
import { inTurn } from "@/api/turns";

test("a change waits for those of the same thing before it, also where one failed", async () => {
  const sent: string[] = [];
  const first = Promise.withResolvers<undefined>();
  const favor = inTurn("track:1", async () => {
    sent.push("favor");
    await first.promise;
  });
  const disfavor = inTurn("track:1", () => Promise.resolve(sent.push("disfavor")));
  const other = inTurn("track:2", () => Promise.resolve(sent.push("other")));

  await other;
  expect(sent).toEqual(["favor", "other"]);
  first.reject(new Error("refused"));
  await expect(favor).rejects.toThrow("refused");
  await disfavor;
  expect(sent).toEqual(["favor", "other", "disfavor"]);
});
