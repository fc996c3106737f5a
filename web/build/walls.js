/** The walls of the house, as lint rules: who may import from whom. Domains are all folders of `src/`
 *  but those that are for all; a new one stands behind its walls by itself. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOR_ALL = ["shell", "ui", "design", "api"];
const src = fileURLToPath(new URL("../src", import.meta.url));
const domains = readdirSync(src, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !FOR_ALL.includes(entry.name))
  .map(({ name }) => name);

/**
 * Refuses imports that match, lazy ones too.
 *
 * @param {string[]} files
 * @param {string[]} expressions
 * @param {string} message
 * @returns {import("eslint").Linter.Config}
 */
function wall(files, expressions, message) {
  const regex = expressions.join("|");
  const selector = `ImportExpression[source.value=/${regex.replaceAll("/", "\\/")}/]`;
  return {
    files,
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ regex, message }] }],
      "no-restricted-syntax": ["error", { selector, message }],
    },
  };
}

/**
 * What leads elsewhere than to these.
 *
 * @param {string[]} rooms
 */
const anywhereBut = (rooms) => `^@/(?!(?:${rooms.join("|")})(?:/|$))`;

/**
 * A folder that sees these rooms, and its own by relative paths.
 *
 * @param {string} folder
 * @param {string[]} rooms
 * @param {string} message
 */
const room = (folder, rooms, message) => [
  wall([`src/${folder}/*`], [anywhereBut(rooms), "^\\.\\./"], message),
  wall([`src/${folder}/*/**`], [anywhereBut(rooms), "^\\.\\./\\.\\./"], message),
];

/** @param {string} domain */
const facesOfOthers = (domain) =>
  domains.filter((other) => other !== domain).map((other) => `${other}/face$`);

export const walls = [
  ...room("api", ["api"], "api/ talks to the server and knows nothing else."),
  ...room("design", ["api"], "design/ knows no page."),
  ...room("ui", ["api", "design", "ui"], "ui/ knows neither domains nor the shell."),
  ...room("shell", FOR_ALL, "shell/ knows domains by their faces: read them with useHouse()."),
  ...domains.flatMap((domain) =>
    room(
      domain,
      [...FOR_ALL, ...facesOfOthers(domain)],
      "Another domain is known by its face alone; within one's own, imports are relative.",
    ),
  ),
  wall(
    ["src/*"],
    [`^(?:\\.|@)/(?:${domains.join("|")})/(?!face$)`],
    "Domains are known by their faces, and named in domains.ts.",
  ),
];
