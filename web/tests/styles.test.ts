import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const camel = (name: string) => name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

function defined(sheet: string): string[] {
  const text = readFileSync(sheet, "utf8").replace(/\/\*.*?\*\/|:global\([^{]*/gs, "");
  const selectors = [...text.matchAll(/([^{}]+)\{/g)].map(([, selector = ""]) => selector);
  const names = selectors.flatMap((each) =>
    [...each.matchAll(/\.([a-z][\w-]*)/g)].map(([, name = ""]) => name),
  );
  return [...new Set(names)];
}

interface Use {
  sheet: string;
  file: string;
  /** Written out: `styles.cover`. */
  names: string[];
  /** Put together: `styles[`cover-${size}`]`. */
  beginnings: string[];
}

const uses: Use[] = globSync("src/**/*.{ts,tsx}").flatMap((file) => {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(/import (\w+) from "([^"]+\.module\.css)"/g)].map(([, local = "", path = ""]) => ({
    sheet: path.startsWith("@/") ? join("src", path.slice(2)) : join(dirname(file), path),
    file,
    names: [...text.matchAll(new RegExp(`\\b${local}\\.(?!module\\.css)(\\w+)`, "g"))].map(([, name = ""]) => name),
    beginnings: [...text.matchAll(new RegExp(`\\b${local}\\[\`([\\w-]+)\\$`, "g"))].map(([, start = ""]) => start),
  }));
});

test("every class that a page asks for is in its style sheet", () => {
  const missing = uses.flatMap(({ sheet, file, names }) => {
    const known = existsSync(sheet) ? defined(sheet).map(camel) : [];
    return names.filter((name) => !known.includes(camel(name))).map((name) => `${file}: ${name}`);
  });

  expect(uses.length).toBeGreaterThan(0);
  expect(missing).toEqual([]);
});

test("every class of a style sheet is asked for", () => {
  const idle = globSync("src/**/*.module.css").flatMap((sheet) => {
    const own = uses.filter((use) => use.sheet === sheet);
    const asked = new Set(own.flatMap(({ names }) => names));
    const beginnings = own.flatMap((use) => use.beginnings);
    return defined(sheet)
      .filter((name) => !asked.has(camel(name)) && !beginnings.some((start) => name.startsWith(start)))
      .map((name) => `${sheet}: .${name}`);
  });

  expect(idle).toEqual([]);
});

test("only the ground that every page stands on is global", () => {
  const global = globSync("src/**/*.css").filter((sheet) => !sheet.endsWith(".module.css"));

  expect(global.sort()).toEqual(["src/design/base.css", "src/design/tokens.css"]);
});
