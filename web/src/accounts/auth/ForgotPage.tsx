/** Asking for a link to choose a new password. The answer never tells whether the account exists. */
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Accepted } from "@/api/types";
import { http } from "@/api/http";
import { VisitorFrame } from "@/shell/VisitorFrame";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import field from "@/ui/field.module.css";

export default function ForgotPage() {
  const { email: known } = useSearch({ from: "/forgot" });
  const [answer, setAnswer] = useState<string | null>(null);
  const form = useSubmit(
    async ({ email = "" }) => {
      const body = { email: email.trim() };
      const { message } = await http.post<Accepted>("/auth/forgot", body, { signedIn: false });
      setAnswer(message);
    },
    ["email"],
  );
  if (answer !== null) {
    return (
      <VisitorFrame title="Asked for" lead={answer} foot={<Link to="/sign-in">Back to signing in</Link>}>
        <div>
          <Button onClick={() => setAnswer(null)}>Use another address</Button>
        </div>
      </VisitorFrame>
    );
  }
  return (
    <VisitorFrame
      title="Forgot your password?"
      lead="A link to choose a new one comes to your address."
      foot={
        <>
          Remembered it? <Link to="/sign-in">Sign in</Link>
        </>
      }
    >
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={field.form} onSubmit={form.submit}>
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          required
          maxLength={254}
          defaultValue={known}
          fault={form.fault("email")}
        />
        <Button type="submit" look="signal" disabled={form.pending}>
          {form.pending ? "Asking…" : "Send the link"}
        </Button>
      </form>
    </VisitorFrame>
  );
}
