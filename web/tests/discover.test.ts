import { expect, test } from "vitest";
import { allInWords, dayOf, inWords } from "@/audio/discover/words";

test("every reason has words of its own, with what it is about", () => {
  expect(inWords({ code: "genre", name: "Ambient" })).toBe("Same genre: Ambient");
  expect(inWords({ code: "heard_together", count: 4 })).toBe("Heard together 4 times");
  expect(inWords({ code: "heard_together", count: 1 })).toBe("Heard together once");
  expect(inWords({ code: "in_playlists", count: 2 })).toBe("Side by side in 2 playlists");
  expect(inWords({ code: "sound", share: 0.97 })).toBe("Sounds much alike");
  expect(inWords({ code: "sound", share: 0.63 })).toBe("Sounds alike");
  expect(inWords({ code: "heard_on_this_day", year: 2024, count: 2 })).toBe(
    "Heard twice on this day in 2024",
  );
  expect(inWords({ code: "not_heard_since", name: "2024-03", count: 7 })).toBe(
    "Not heard since March 2024",
  );
  expect(inWords({ code: "like_loved", name: "Jóga" })).toBe("Like “Jóga”, which you love");
});

test("reasons stand in their order", () => {
  expect(
    allInWords([
      { code: "sound", share: 0.9 },
      { code: "artist", name: "Ona" },
    ]),
  ).toBe("Sounds much alike · Also by Ona");
});

test("the day is the reader’s", () => {
  expect(dayOf(new Date(2026, 4, 6, 23, 59))).toBe("2026-05-06");
});
