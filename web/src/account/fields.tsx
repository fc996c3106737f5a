/** The fields that prove who is sitting there, and where their refusals are shown. */
import type { User } from "@/api/contract";
import { Problem } from "@/api/problem";
import { Field } from "@/ui/Field";
import type { Submission } from "@/ui/useSubmit";

type Send = (values: Record<string, string>) => Promise<void>;

/** Says at a field what the server says of the request: only that field can be wrong then. */
export function atField(field: string, send: Send): Send {
  return async (values) => {
    try {
      await send(values);
    } catch (error) {
      const ours = error instanceof Problem && [401, 403, 422].includes(error.status);
      if (!ours || error.faults.length > 0) throw error;
      throw error.at(error.kind === "wrong-code" ? "code" : field);
    }
  };
}

export function PasswordField({ me, form }: { me: User; form: Submission }) {
  return (
    <>
      <input type="hidden" name="username" autoComplete="username" value={me.email} readOnly />
      <Field
        label="Your password"
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
  hint?: string;
}

export function CodeField({ form, label = "Code", hint = "Six digits, shown by the app." }: CodeProps) {
  return (
    <Field
      label={label}
      name="code"
      autoComplete="one-time-code"
      inputMode="numeric"
      className="code-field"
      spellCheck={false}
      required
      maxLength={20}
      hint={hint}
      fault={form.fault("code")}
    />
  );
}
