/** The page where one makes an account. */
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { http } from "@/api/http";
import { isProblem, Problem } from "@/api/problem";
import { signedIn } from "@/api/session";
import type { Tokens } from "@/api/types";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { AccountFields, ACCOUNT_FIELDS } from "./AccountFields";
import { AuthFrame } from "./AuthFrame";

export default function RegisterPage() {
  const navigate = useNavigate();
  const [waiting, setWaiting] = useState<string | null>(null);
  const form = useSubmit(async ({ email = "", password = "", name = "" }) => {
    const account = { email: email.trim(), password, name: name.trim() };
    await http.post("/auth/register", account, { signedIn: false });
    try {
      const body = { email: account.email, password };
      signedIn(await http.post<Tokens>("/auth/login", body, { signedIn: false }));
      await navigate({ to: "/", replace: true });
    } catch (error) {
      if (isProblem(error, "email-unverified")) {
        setWaiting(account.email);
        return;
      }
      // Registering answers the same for an address that is taken; then this password is another's.
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      throw new Problem(
        401,
        "Not signed in",
        "There may be an account with this e-mail already. Sign in with its password.",
      );
    }
  }, ACCOUNT_FIELDS);
  if (waiting !== null) {
    return (
      <AuthFrame title="Look in your mail" foot={<Link to="/sign-in">Sign in</Link>}>
        <p>
          A link is on its way to <strong>{waiting}</strong>. Open it to show that the address is
          yours, then sign in.
        </p>
        <p className="quiet">Nothing there after a few minutes? Look among the spam.</p>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame
      title="Make an account"
      foot={
        <>
          Have one already? <Link to="/sign-in">Sign in</Link>
        </>
      }
    >
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className="form" onSubmit={form.submit}>
        <AccountFields fault={form.fault} />
        <Button type="submit" look="signal" disabled={form.pending}>
          {form.pending ? "Making it…" : "Make the account"}
        </Button>
      </form>
    </AuthFrame>
  );
}
