import { expect, test } from "vitest";
import type { Track } from "@/audio/types";
import { changesOf } from "@/audio/library/changes";

const track = {
  title: "Kettle",
  artist: "Ingrid Solheim",
  album: "",
  album_artist: "",
  genre: "Folk",
  year: 2004,
  track_number: null,
  disc_number: 1,
} as Track;

const form = {
  title: "Kettle",
  artist: "Ingrid Solheim",
  album: "",
  album_artist: "",
  genre: "Folk",
  year: "2004",
  track_number: "",
  disc_number: "1",
};

test("an untouched form changes nothing", () => {
  expect(changesOf(track, form)).toEqual({});
});

test("only what differs is sent; spaces around it are not", () => {
  expect(changesOf(track, { ...form, title: " Kettle (demo) ", album: "Field Notes" })).toEqual({
    title: "Kettle (demo)",
    album: "Field Notes",
  });
});

test("emptied texts are empty, emptied numbers are null", () => {
  expect(changesOf(track, { ...form, genre: "", year: "" })).toEqual({ genre: "", year: null });
});
