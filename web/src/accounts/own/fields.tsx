/** The fields that prove who is sitting there. */
import type { User } from "@/api/types";
import { Field } from "@/ui/Field";
import type { Submission } from "@/ui/useSubmit";
import field from "@/ui/field.module.css";

export function PasswordField({ me, form }: { me: User; form: Submission }) {
  return (
    <>
      <input type="hidden" name="username" autoComplete="username" value={me.email} readOnly />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        fault={form.fault("password")}
      />
    </>
  );
}

interface CodeProps {
  form: Submission;
  label?: string;
  hint: string;
  /** Recovery codes have letters: phones then show all keys. */
  letters?: boolean;
}

export function CodeField({ form, label = "Code", hint, letters = false }: CodeProps) {
  return (
    <Field
      label={label}
      name="code"
      autoComplete="one-time-code"
      autoCapitalize="none"
      inputMode={letters ? "text" : "numeric"}
      className={field.codeField}
      spellCheck={false}
      required
      minLength={6}
      maxLength={20}
      hint={hint}
      fault={form.fault("code")}
    />
  );
}
