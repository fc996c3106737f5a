/** The page behind the link of a reset message: a new password, which ends every session. */
import { Link, useNavigate } from "@tanstack/react-router";
import { http } from "@/api/http";
import { signedOut } from "@/api/session";
import { useStore } from "@/api/store";
import { secret } from "@/shell/secret";
import { VisitorFrame } from "@/shell/VisitorFrame";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { PASSWORD_MAX, PASSWORD_MIN } from "./AccountFields";
import button from "@/ui/button.module.css";
import field from "@/ui/field.module.css";

const another = (
  <Link className={button.button} to="/forgot">
    Ask for a new link
  </Link>
);

export default function ResetPage() {
  const navigate = useNavigate();
  const token = useStore(secret);
  const form = useSubmit(
    async ({ password = "" }) => {
      await http.post("/auth/reset", { token, password }, { signedIn: false });
      secret.set("");
      signedOut("Your password is changed, and every device is signed out. Sign in with the new one.");
      await navigate({ to: "/sign-in", replace: true });
    },
    ["password"],
  );
  if (token === "") {
    return (
      <VisitorFrame title="Choose a new password">
        <Notice title="The link is incomplete" action={another}>
          Open the whole link of the message, with everything after #.
        </Notice>
      </VisitorFrame>
    );
  }
  return (
    <VisitorFrame
      title="Choose a new password"
      lead="Every device that is signed in to your account will be signed out. API tokens go on working."
    >
      {form.summary !== null && <Notice action={another}>{form.summary}</Notice>}
      <form className={field.form} onSubmit={form.submit}>
        <Field
          label="New password"
          name="password"
          type="password"
          autoComplete="new-password"
          required
          minLength={PASSWORD_MIN}
          maxLength={PASSWORD_MAX}
          hint={`${PASSWORD_MIN} to ${PASSWORD_MAX} characters. Long beats complicated.`}
          fault={form.fault("password")}
        />
        <Button type="submit" look="signal" disabled={form.pending}>
          {form.pending ? "Changing…" : "Change the password"}
        </Button>
      </form>
    </VisitorFrame>
  );
}
