/** Before the checks and a build: whatever `package.json` names and isn't here is fetched. A build by
 *  itself fetches only what it needs, and a lock that has changed since may ask for more. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";
import manifest from "../package.json" with { type: "json" };

const npm = process.env.npm_execpath;
const names = Object.keys({
  ...manifest.dependencies,
  ...(process.argv.includes("--build") ? {} : manifest.devDependencies),
});

if (npm !== undefined && !names.every((name) => existsSync(`node_modules/${name}/package.json`))) {
  execFileSync(process.execPath, [npm, "ci"], { stdio: "inherit" });
}
