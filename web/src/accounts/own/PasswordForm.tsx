/** A new password, against the current one. */
import { useRef } from "react";
import { http } from "@/api/http";
import { refresh } from "@/api/session";
import type { User } from "@/api/types";
import { PASSWORD_MAX, PASSWORD_MIN } from "../auth/AccountFields";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/toasts";
import { useSubmit } from "@/ui/useSubmit";
import button from "@/ui/button.module.css";
import field from "@/ui/field.module.css";

export function PasswordForm({ me }: { me: User }) {
  const element = useRef<HTMLFormElement>(null);
  const form = useSubmit(
    async ({ current = "", next = "" }) => {
      await http.patch<User>("/users/me", { password: { current, new: next } });
      element.current?.reset();
      toast({ text: "Your password is changed." });
      await refresh();
    },
    ["password.current", "password.new"],
  );
  return (
    <form className={field.form} ref={element} onSubmit={form.submit}>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <input type="hidden" name="username" autoComplete="username" value={me.email} readOnly />
      <Field
        label="Current password"
        name="current"
        type="password"
        autoComplete="current-password"
        required
        fault={form.fault("password.current")}
      />
      <Field
        label="New password"
        name="next"
        type="password"
        autoComplete="new-password"
        required
        minLength={PASSWORD_MIN}
        maxLength={PASSWORD_MAX}
        hint={`${PASSWORD_MIN} to ${PASSWORD_MAX} characters.`}
        fault={form.fault("password.new")}
      />
      <div className={button.formActions}>
        <Button type="submit" disabled={form.pending}>
          {form.pending ? "Changing…" : "Change the password"}
        </Button>
      </div>
    </form>
  );
}
