/** The page behind the one-time link that makes the first administrator. */
import { useNavigate } from "@tanstack/react-router";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { instanceQuery } from "@/api/queries";
import { signedIn } from "@/api/session";
import { useStore } from "@/api/store";
import type { Tokens, User } from "@/api/types";
import { secret } from "@/shell/secret";
import { VisitorFrame } from "@/shell/VisitorFrame";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { AccountFields, ACCOUNT_FIELDS } from "./AccountFields";
import field from "@/ui/field.module.css";

export default function SetupPage() {
  const navigate = useNavigate();
  const token = useStore(secret);
  const form = useSubmit(async ({ email = "", password = "", name = "" }) => {
    const account = { token, email: email.trim(), password, name: name.trim() };
    await http.post<User>("/auth/setup", account, { signedIn: false });
    secret.set("");
    const body = { email: account.email, password };
    signedIn(await http.post<Tokens>("/auth/login", body, { signedIn: false }));
    await queryClient.invalidateQueries({ queryKey: instanceQuery.queryKey });
    await navigate({ to: "/", replace: true });
  }, ACCOUNT_FIELDS);
  return (
    <VisitorFrame
      title="Set up this Backline"
      lead="You are the first one here. This account will administer the installation."
    >
      {token === "" && (
        <Notice title="The link is incomplete">
          Copy the whole address that Backline printed in its terminal, with everything after #.
        </Notice>
      )}
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={field.form} onSubmit={form.submit}>
        <AccountFields fault={form.fault} />
        <Button type="submit" look="signal" disabled={form.pending || token === ""}>
          {form.pending ? "Making it…" : "Make the administrator"}
        </Button>
      </form>
    </VisitorFrame>
  );
}
