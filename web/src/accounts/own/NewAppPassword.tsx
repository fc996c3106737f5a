/** Making an app password: what it is for; then the password itself, once, with what goes with it. */
import { useState } from "react";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import type { User } from "@/api/types";
import { Button } from "@/ui/Button";
import { CopyButton } from "@/ui/CopyButton";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import button from "@/ui/button.module.css";
import { useSubmit } from "@/ui/useSubmit";
import type { AppPasswordForm, NewAppPassword as Made } from "../types";
import styles from "./apps.module.css";
import { appPasswordsQuery } from "./queries";
import tokens from "./tokens.module.css";

const SCOPES = ["audio:read", "audio:write"];

export function NewAppPassword({ me, onClose }: { me: User; onClose: () => void }) {
  const [made, setMade] = useState<string | null>(null);
  const form = useSubmit(
    async ({ name = "" }) => {
      const body: AppPasswordForm = { name: name.trim(), scopes: SCOPES };
      const { password } = await http.post<Made>("/users/me/app-passwords", body);
      setMade(password);
      await queryClient.invalidateQueries({ queryKey: appPasswordsQuery.queryKey });
    },
    ["name"],
  );
  if (made !== null) return <Shown password={made} me={me} onClose={onClose} />;
  return (
    <Dialog title="New app password" onClose={onClose}>
      <form className={styles.form} onSubmit={form.submit}>
        <Field
          label="Name"
          name="name"
          autoComplete="off"
          required
          maxLength={100}
          hint="Which app it is for, so that you know it again: “Player on my phone”."
          fault={form.fault("name")}
        />
        {form.summary !== null && <Notice>{form.summary}</Notice>}
        <DialogActions
          form={form}
          send="Make the app password"
          sending="Making it…"
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}

function Shown({ password, me, onClose }: { password: string; me: User; onClose: () => void }) {
  return (
    <Dialog title="Your new app password" onClose={onClose}>
      <p>Copy it into the app now. It is shown this one time.</p>
      <div className={tokens.once}>
        <code translate="no">{password}</code>
        <CopyButton text={password}>Copy the app password</CopyButton>
      </div>
      <p className="quiet">
        The name that goes with it is <span translate="no">{me.email}</span>, the server{" "}
        <span translate="no">{location.origin}</span>.
      </p>
      <div className={button.formActions}>
        <Button look="signal" onClick={onClose}>
          I have copied it
        </Button>
      </div>
    </Dialog>
  );
}
