import { expect, test } from "vitest";
import type { AuditEntry } from "@/api/types";
import { audit as accounts } from "@/accounts/audit";
import { audit as admin } from "@/admin/audit";
import { tell } from "@/shell/audit/words";

const ADA = { id: "a", name: "Ada" };
const MEI = { kind: "user", id: "m" };

const actions = { ...accounts, ...admin };

const entry = (part: Partial<AuditEntry>): AuditEntry => ({
  id: "1",
  at: "2026-03-01T12:00:00Z",
  actor: ADA,
  action: "session.login",
  subject: null,
  address: null,
  details: {},
  ...part,
});

const told = (part: Partial<AuditEntry>, me: string, names?: ReadonlyMap<string, string>) => {
  const { who, did } = tell(entry(part), { me, ...(names ? { names } : {}) }, actions);
  return `${who} ${did}`;
};

test("the reader is called you", () => {
  expect(told({}, "a")).toBe("You signed in");
  expect(told({ action: "password.change" }, "a")).toBe("You changed your password");
});

test("several devices at once are counted", () => {
  const one = { action: "session.revoke" };

  expect(told(one, "a")).toBe("You signed out another of your devices");
  expect(told({ ...one, details: { count: 3 } }, "a")).toBe(
    "You signed out 3 others of your devices",
  );
});

test("others keep their names, as far as they are known", () => {
  const role = { action: "user.role", subject: MEI, details: { role: "admin" } };

  expect(told(role, "m")).toBe("Ada changed your role to administrator");
  expect(told(role, "x")).toBe("Ada changed somebody’s role to administrator");
  expect(told(role, "x", new Map([["m", "Mei"]]))).toBe("Ada changed Mei’s role to administrator");
  expect(told({ action: "password.change" }, "x")).toBe("Ada changed their password");
});

test("what nobody who is signed in did has a doer too", () => {
  const reset = { actor: null, action: "password.reset", subject: MEI };

  expect(told(reset, "m")).toBe("A mailed link was used to replace your password");
  expect(told({ actor: { id: "z", name: "" } }, "m")).toBe("A deleted account signed in");
});

test("an action without words of its own is still told", () => {
  expect(told({ action: "orchestra.tune-up" }, "a")).toBe("You orchestra tune up");
});
