import { describe, expect, it } from "vitest";
import { onDay } from "@/ui/format";
import { daysOf, endOf, isOver, visitsOf } from "@/audio/shares/ends";
import { asTrack } from "@/audio/shared/asTrack";
import { byOf, factsOf, lengthOf, untilOf } from "@/audio/shared/words";
import type { Share } from "@/audio/types";

const NOW = Date.parse("2026-05-01T12:00:00Z");
const share: Share = {
  id: "0",
  kind: "track",
  thing_id: "1",
  title: "Salt",
  artist: "Ona",
  path: "/s#x",
  description: "",
  may_download: false,
  expires_at: "2026-05-08T12:00:00Z",
  visit_count: 0,
  last_visited_at: null,
  created_at: "2026-05-01T12:00:00Z",
  updated_at: "2026-05-01T12:00:00Z",
  version: 1,
};
const shared = {
  kind: "album" as const,
  title: "Sky",
  artist: "Ona",
  year: 2025,
  owner_name: "Ada",
  description: "",
  track_count: 12,
  duration_ms: 43 * 60_000,
  cover: null,
  may_download: false,
  expires_at: null,
};

describe("the links that one has made", () => {
  it("say when they end", () => {
    expect(endOf(share, NOW)).toBe(`Ends on ${onDay("2026-05-08T12:00:00Z")}`);
    expect(endOf({ expires_at: "2026-05-01T17:00:00Z" }, NOW)).toBe("Ends in 5 hours");
    expect(endOf({ expires_at: "2026-04-29T12:00:00Z" }, NOW)).toBe("Ended 2 days ago");
    expect(endOf({ expires_at: null }, NOW)).toBe("Until you revoke it");
  });

  it("are over from their end on", () => {
    expect(isOver(share, NOW)).toBe(false);
    expect(isOver(share, Date.parse("2026-05-08T12:00:00Z"))).toBe(true);
    expect(isOver({ expires_at: null }, NOW)).toBe(false);
  });

  it("say how often they were opened", () => {
    const last_visited_at = "2026-05-01T11:00:00Z";
    expect(visitsOf(share, NOW)).toBe("Not opened yet");
    expect(visitsOf({ ...share, visit_count: 1, last_visited_at }, NOW)).toBe("Opened once, 1 hour ago");
    expect(visitsOf({ ...share, visit_count: 3, last_visited_at }, NOW)).toBe(
      "Opened 3 times, last 1 hour ago",
    );
  });

  it("count days, or none", () => {
    expect(daysOf("30")).toBe(30);
    expect(daysOf("never")).toBeNull();
  });
});

describe("what a visitor is told", () => {
  it("is what it is, how much, and from whom", () => {
    expect(factsOf(shared)).toBe("Album · 2025 · 12 tracks · 43 min");
    expect(factsOf({ ...shared, kind: "track", year: null, track_count: 1 })).toBe("Track · 43 min");
    expect(byOf(shared)).toBe("Shared by Ada");
    expect(byOf({ ...shared, owner_name: "" })).toBe("Shared by somebody");
    expect(untilOf(shared)).toBeNull();
  });

  it("has lengths as people say them", () => {
    expect(lengthOf(10_000)).toBe("1 min");
    expect(lengthOf(60 * 60_000)).toBe("1 h");
    expect(lengthOf(65 * 60_000)).toBe("1 h 5 min");
  });

  it("is played by the link's token", () => {
    const said = { id: "1", title: "Salt", artist: "Ona", album: "Sky", duration_ms: 1, cover: null };
    const via = { token: "x", mayDownload: false };
    expect(asTrack({ ...said, is_ready: true }, via)).toMatchObject({ status: "ready", via, title: "Salt" });
    expect(asTrack({ ...said, is_ready: false }, via).status).toBe("processing");
  });
});
