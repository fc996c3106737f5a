/** Deleting the account, confirmed by typing its e-mail: the one thing here without an undo. */
import { useState } from "react";
import { http } from "@/api/http";
import { signedOut } from "@/api/session";
import type { User } from "@/api/types";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import button from "@/ui/button.module.css";
import field from "@/ui/field.module.css";

function Confirm({ me, onClose }: { me: User; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const form = useSubmit(async () => {
    await http.delete("/users/me");
    signedOut("Your account and everything in it are deleted.");
  }, []);
  const matches = typed.trim().toLowerCase() === me.email.toLowerCase();
  return (
    <Dialog title="Delete your account" onClose={onClose}>
      <p>
        Your tracks, their files and your account are deleted for good. This can't be undone.
      </p>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={field.form} onSubmit={form.submit}>
        <Field
          label="Type your e-mail to confirm"
          name="confirm"
          autoComplete="off"
          hint={me.email}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <DialogActions
          form={form}
          send="Delete my account"
          sending="Deleting…"
          look="trouble"
          disabled={!matches}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}

export function DeleteAccount({ me }: { me: User }) {
  const [asking, setAsking] = useState(false);
  return (
    <div className={field.form}>
      <p className="quiet">Takes your account and all of your music with it.</p>
      <div className={button.formActions}>
        <Button look="trouble" onClick={() => setAsking(true)}>
          Delete my account
        </Button>
      </div>
      {asking && <Confirm me={me} onClose={() => setAsking(false)} />}
    </div>
  );
}
