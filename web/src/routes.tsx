/** Every address of the program: those of the faces, and one for whatever else. */
import { createRoute } from "@tanstack/react-router";
import { DOMAINS } from "./domains";
import { NotFoundPage } from "./shell/ErrorPage";
import type { Face } from "./shell/face";
import { first } from "./shell/own";
import { inside, root } from "./shell/roots";
import { Shell } from "./shell/Shell";

inside.update({ component: Shell });

/** Whatever else: said inside the shell, so that there is a way on. */
const nowhere = createRoute({
  getParentRoute: () => inside,
  path: "$",
  component: NotFoundPage,
});

/** With the types of each: what a page may ask of its address is checked by them. */
type PagesOf<F, Side extends string> =
  F extends Readonly<Record<Side, readonly (infer Page)[]>> ? Page : never;

function pages<Side extends "inside" | "outside">(side: Side) {
  const faces: readonly Face[] = DOMAINS;
  return faces.flatMap((face) => face[side] ?? []) as PagesOf<(typeof DOMAINS)[number], Side>[];
}

export const routes = root.addChildren([
  ...pages("outside"),
  inside.addChildren([...first.inside, ...pages("inside"), nowhere]),
]);
