/** The page where one makes an account. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { http } from "@/api/http";
import { Problem } from "@/api/problem";
import { instanceQuery } from "@/api/queries";
import { signedIn } from "@/api/session";
import type { Accepted, Tokens } from "@/api/types";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { AccountFields, ACCOUNT_FIELDS } from "./AccountFields";
import { AuthFrame } from "./AuthFrame";

export default function RegisterPage() {
  const navigate = useNavigate();
  const [answer, setAnswer] = useState<string | null>(null);
  const { data: instance } = useQuery(instanceQuery);
  const form = useSubmit(async ({ email = "", password = "", name = "" }) => {
    const account = { email: email.trim(), password, name: name.trim() };
    const { message } = await http.post<Accepted>("/auth/register", account, { signedIn: false });
    if (instance?.sends_mail === true) {
      setAnswer(message);
      return;
    }
    try {
      const body = { email: account.email, password };
      signedIn(await http.post<Tokens>("/auth/login", body, { signedIn: false }));
      await navigate({ to: "/", replace: true });
    } catch (error) {
      // Registering answers the same for an address that is taken; then this password is another's.
      if (!(error instanceof Problem) || error.status !== 401) throw error;
      throw new Problem(
        401,
        "Not signed in",
        "There may be an account with this e-mail already. Sign in with its password.",
      );
    }
  }, ACCOUNT_FIELDS);
  if (answer !== null) {
    return (
      <AuthFrame title="Look in your mail" lead={answer} foot={<Link to="/sign-in">Sign in</Link>}>
        <p>Nothing there after a few minutes? Look among the spam.</p>
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
