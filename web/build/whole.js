/** Before the checks: a build fetches only what it needs itself, so the rest may have to be fetched. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import process from "node:process";

const npm = process.env.npm_execpath;
if (!existsSync("node_modules/eslint") && npm !== undefined) {
  execFileSync(process.execPath, [npm, "ci"], { stdio: "inherit" });
}
