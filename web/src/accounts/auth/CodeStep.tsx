/** The second step of signing in: a code of the authenticator app, or a recovery code instead. */
import { useLayoutEffect, useRef, useState } from "react";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import type { Submission } from "@/ui/useSubmit";
import auth from "./auth.module.css";
import field from "@/ui/field.module.css";

const KINDS = {
  app: {
    label: "Code",
    hint: "Six digits, a new set every 30 seconds.",
    inputMode: "numeric",
    other: "Use a recovery code instead",
  },
  recovery: {
    label: "Recovery code",
    hint: "One of the ten that you kept. It works once.",
    inputMode: "text",
    other: "Use the authenticator app instead",
  },
} as const;

export function CodeStep({ form, onBack }: { form: Submission; onBack: () => void }) {
  const [kind, setKind] = useState<keyof typeof KINDS>("app");
  const element = useRef<HTMLFormElement>(null);
  const { label, hint, inputMode, other } = KINDS[kind];
  const fault = form.fault("code");
  useLayoutEffect(() => {
    const field = element.current?.querySelector("input");
    field?.focus();
    field?.select();
  }, [kind, fault]);
  return (
    <>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={field.form} ref={element} onSubmit={form.submit}>
        <Field
          key={kind}
          label={label}
          name="code"
          className={field.codeField}
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          inputMode={inputMode}
          required
          maxLength={20}
          hint={hint}
          fault={fault}
        />
        <Button type="submit" look="signal" disabled={form.pending}>
          {form.pending ? "Checking…" : "Sign in"}
        </Button>
        <div className={auth.authWays}>
          <Button look="link" onClick={() => setKind(kind === "app" ? "recovery" : "app")}>
            {other}
          </Button>
          <Button look="link" onClick={onBack}>
            Someone else
          </Button>
        </div>
      </form>
    </>
  );
}
