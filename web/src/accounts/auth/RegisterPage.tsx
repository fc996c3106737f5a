/** The page where one makes an account. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { http } from "@/api/http";
import { Problem } from "@/api/problem";
import { instanceQuery } from "@/api/queries";
import { signedIn } from "@/api/session";
import type { Accepted, Tokens } from "@/api/types";
import { VisitorFrame } from "@/shell/VisitorFrame";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { AccountFields, ACCOUNT_FIELDS } from "./AccountFields";
import { ownPath } from "./next";
import field from "@/ui/field.module.css";

export default function RegisterPage() {
  const navigate = useNavigate();
  const { next } = useSearch({ from: "/register" });
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
      await navigate({ href: ownPath(next), replace: true });
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
  const signIn = (
    <Link to="/sign-in" search={next === undefined ? {} : { next }}>
      Sign in
    </Link>
  );
  if (answer !== null) {
    return (
      <VisitorFrame title="Look in your mail" lead={answer} foot={signIn}>
        <p>Nothing there after a few minutes? Look among the spam.</p>
      </VisitorFrame>
    );
  }
  return (
    <VisitorFrame
      title="Make an account"
      foot={<>Have one already? {signIn}</>}
    >
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={field.form} onSubmit={form.submit}>
        <AccountFields fault={form.fault} />
        <Button type="submit" look="signal" disabled={form.pending}>
          {form.pending ? "Making it…" : "Make the account"}
        </Button>
      </form>
    </VisitorFrame>
  );
}
