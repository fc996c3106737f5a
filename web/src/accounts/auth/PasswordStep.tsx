/** The first step of signing in, and the way out for those who have forgotten their password. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import type { Submission } from "@/ui/useSubmit";
import field from "@/ui/field.module.css";

export function PasswordStep({ form, email }: { form: Submission; email: string | undefined }) {
  const [typed, setTyped] = useState(email ?? "");
  const known = typed.trim();
  return (
    <>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={field.form} onSubmit={form.submit}>
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          required
          defaultValue={email}
          onChange={(event) => setTyped(event.target.value)}
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
        <Link to="/forgot" search={known === "" ? {} : { email: known }}>
          Forgot your password?
        </Link>
      </form>
    </>
  );
}
