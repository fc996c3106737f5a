/** The page where one signs in. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { http } from "@/api/http";
import { instanceQuery } from "@/api/queries";
import { session, signedIn } from "@/api/session";
import { useStore } from "@/api/store";
import type { Tokens } from "@/api/types";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { AuthFrame } from "./AuthFrame";

export default function SignInPage() {
  const navigate = useNavigate();
  const { next, email } = useSearch({ from: "/sign-in" });
  const current = useStore(session);
  const { data: instance } = useQuery(instanceQuery);
  const form = useSubmit(
    async ({ email = "", password = "" }) => {
      const body = { email: email.trim(), password };
      signedIn(await http.post<Tokens>("/auth/login", body, { signedIn: false }));
      // Only a path of our own: "//elsewhere" would lead away.
      const to = next !== undefined && /^\/(?!\/)/.test(next) ? next : "/";
      await navigate({ href: to, replace: true });
    },
    ["email", "password"],
  );
  const reason = current.state === "out" ? current.reason : null;
  return (
    <AuthFrame
      title="Sign in"
      foot={
        instance?.registration_open === true ? (
          <>
            New here? <Link to="/register">Make an account</Link>
          </>
        ) : undefined
      }
    >
      {instance?.setup_required === true && (
        <Notice tone="plain" title="This Backline has no administrator yet">
          When it started, it printed a one-time link in its terminal. Open that link to make the
          first account.
        </Notice>
      )}
      {reason !== null && form.problem === null && <Notice tone="plain">{reason}</Notice>}
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className="form" onSubmit={form.submit}>
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          required
          defaultValue={email}
          fault={form.fault("email")}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          fault={form.fault("password")}
        />
        <Button type="submit" look="signal" disabled={form.pending}>
          {form.pending ? "Signing in…" : "Sign in"}
        </Button>
      </form>
    </AuthFrame>
  );
}
