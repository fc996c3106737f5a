import { Linter } from "eslint";
import { expect, test } from "vitest";
import { inTime } from "../build/inTime.js";

function refused(line: string): boolean {
  const linter = new Linter({ cwd: process.cwd() });
  return linter.verify(line, [inTime], { filename: "src/ui/Box.js" }).length > 0;
}

test.each([
  "useEffect(() => { box.current?.focus(); }, [])",
  "useEffect(() => shown.set(value))",
  "useEffect(startReviewKeys, [])",
  "useEffect(() => startKeys(keys), [keys])",
  "requestAnimationFrame(() => area.setSelectionRange(3, 3))",
])("%s comes too late", (line) => {
  expect(refused(line)).toBe(true);
});

test.each([
  "useLayoutEffect(() => { box.current?.focus(); }, [])",
  "useLayoutEffect(startReviewKeys, [])",
  "useEffect(() => { title.textContent = name; })",
  "const open = () => box.current?.focus()",
])("%s is let through", (line) => {
  expect(refused(line)).toBe(false);
});
