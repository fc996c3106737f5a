import { Linter } from "eslint";
import { expect, test } from "vitest";
import { walls } from "../build/walls.js";

function refused(file: string, line: string): boolean {
  const linter = new Linter({ cwd: process.cwd() });
  return linter.verify(line, walls, { filename: file }).length > 0;
}

test.each([
  ["src/accounts/face.js", 'import "@/audio/queries";'],
  ["src/accounts/own/ProfilePage.js", 'import("@/audio/queries");'],
  ["src/accounts/face.js", 'import "../audio/face";'],
  ["src/accounts/own/x.js", 'import "../../audio/queries";'],
  ["src/audio/live.js", 'import "@/audio/queries";'],
  ["src/audio/live.js", 'import "@/domains";'],
  ["src/ui/Cover.js", 'import "@/audio/face";'],
  ["src/ui/Page.js", 'import "@/shell/house";'],
  ["src/api/live.js", 'import "@/ui/toasts";'],
  ["src/shell/Rail.js", 'import "@/accounts/face";'],
  ["src/shell/home/HomePage.js", 'import("@/audio/home/AudioHome");'],
  ["src/main.js", 'import "./audio/player/player";'],
])("in %s, %s is refused", (file, line) => {
  expect(refused(file, line)).toBe(true);
});

test.each([
  ["src/audio/library/LibraryPage.js", 'import "../queries"; import("./EditDialog");'],
  ["src/audio/face.js", 'import "@/uploads/face"; import "@/shell/face"; import "@/ui/Icon";'],
  ["src/shell/home/HomePage.js", 'import "../house"; import "@/api/queries";'],
  ["src/domains.js", 'import "./audio/face";'],
])("in %s, %s is let through", (file, line) => {
  expect(refused(file, line)).toBe(false);
});
