import { expect, it } from "vitest";
import { didOf, moreOf } from "@/audio/people/words";
import type { FeedItem } from "@/audio/people/queries";

const item: FeedItem = {
  id: "0",
  kind: "tracks",
  person: { id: "1", name: "Ada" },
  playlist: { id: "2", name: "Van", owner_id: "1", owner_name: "Ada", entry_count: 9 },
  track_count: 6,
  entries: [],
  happened_at: "2026-05-01T12:00:00Z",
};

it("says what somebody did, and in whose playlist", () => {
  expect(didOf({ ...item, kind: "playlist", track_count: 1 })).toBe(
    "made a playlist with 1 track public",
  );
  expect(didOf(item)).toBe("added 6 tracks to");
  expect(didOf({ ...item, playlist: { ...item.playlist, owner_id: "3", owner_name: "" } })).toBe(
    "added 6 tracks to a playlist by somebody",
  );
});

it("counts the tracks that aren't named", () => {
  expect(moreOf(item)).toBe("and 6 more");
  expect(moreOf({ ...item, track_count: 0 })).toBeNull();
});
