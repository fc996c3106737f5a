/** Asking for a link to choose a new password. The answer never tells whether the account exists. */
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { http } from "@/api/http";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { AuthFrame } from "./AuthFrame";

const back = (
  <>
    Remembered it? <Link to="/sign-in">Sign in</Link>
  </>
);

export default function ForgotPage() {
  const { email: known } = useSearch({ from: "/forgot" });
  const [asked, setAsked] = useState<string | null>(null);
  const form = useSubmit(
    async ({ email = "" }) => {
      await http.post("/auth/forgot", { email: email.trim() }, { signedIn: false });
      setAsked(email.trim());
    },
    ["email"],
  );
  if (asked !== null) {
    return (
      <AuthFrame title="Look in your mail" foot={back}>
        <p>
          If there is an account for <strong>{asked}</strong>, a link to choose a new password is on
          its way there. It works once, for an hour.
        </p>
        <p className="quiet">
          Nothing there after a few minutes? Look among the spam. Where this Backline sends no mail,
          ask whoever runs it: administrators find the message under Admin, Outbox.
        </p>
        <Button onClick={() => setAsked(null)}>Use another address</Button>
      </AuthFrame>
    );
  }
  return (
    <AuthFrame
      title="Forgot your password?"
      lead="Tell us your address, and a link to choose a new one comes to it."
      foot={back}
    >
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className="form" onSubmit={form.submit}>
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
    </AuthFrame>
  );
}
