/** A domain more: its folder and a line in `src/domains.ts`, and it is in the house that people see. */
// @vitest-environment happy-dom
import { createRoute } from "@tanstack/react-router";
import { expect, test, vi } from "vitest";
import { remember } from "@/api/storage";
import type { Face } from "@/shell/face";

vi.mock("@/domains", async (original) => {
  const { DOMAINS } = await original<{ DOMAINS: readonly Face[] }>();
  const { inside } = await import("@/shell/roots");
  const kazoo: Face = {
    name: "kazoo",
    inside: [
      createRoute({ getParentRoute: () => inside, path: "/kazoos", component: () => "Three kazoos" }),
    ],
    rail: [{ to: "/kazoos", icon: "play", label: "Kazoos" }],
  };
  return { DOMAINS: [...DOMAINS, kazoo] };
});

const answers: Record<string, unknown> = {
  "/api/v1/auth/refresh": { access_token: "a", expires_in: 900 },
  "/api/v1/users/me": { id: "1", name: "Ann", email: "ann@example.org", role: "user" },
};

vi.stubGlobal("fetch", (address: string) => {
  const known = answers[address.split("?")[0] ?? ""];
  return Promise.resolve(
    known === undefined ? new Response("{}", { status: 404 }) : Response.json(known),
  );
});

test("its page is shown inside the shell, and the rail leads to it", async () => {
  document.body.innerHTML = '<div id="root"></div>';
  remember("signed-in", "yes");
  history.replaceState(null, "", "/kazoos");

  await import("@/main");

  await vi.waitFor(() => {
    expect(document.querySelector("main")?.textContent).toBe("Three kazoos");
  }, 10_000);
  const link = document.querySelector('nav[aria-label="Main"] a[href="/kazoos"]');
  expect(link?.textContent).toBe("Kazoos");
  expect(link?.getAttribute("aria-current")).toBe("page");
}, 60_000);
