/** Turning the second factor on: the password, the app, the recovery codes. */
import { useState } from "react";
import { queryClient } from "@/api/client";
import type { RecoveryCodes, TotpOffer } from "../types";
import type { User } from "@/api/types";
import { http } from "@/api/http";
import { meQuery } from "@/api/queries";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/toasts";
import { useSubmit } from "@/ui/useSubmit";
import { PasswordField } from "./fields";
import { KeepCodes } from "./KeepCodes";
import { ScanStep } from "./ScanStep";
import field from "@/ui/field.module.css";

export function SetUpTotp({ me, onClose }: { me: User; onClose: () => void }) {
  const [setUp, setSetUp] = useState<TotpOffer | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const first = useSubmit(
    async ({ password = "" }) => {
      setSetUp(await http.post<TotpOffer>("/users/me/totp", { password }));
    },
    ["password"],
  );

  if (codes !== null) {
    const done = async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
      toast({ text: "The second factor is on." });
    };
    return <KeepCodes codes={codes} onDone={() => void done()} />;
  }
  if (setUp !== null) {
    const confirm = async (code: string) => {
      const answer = await http.post<RecoveryCodes>("/users/me/totp/confirm", { code });
      setCodes(answer.recovery_codes);
    };
    return <ScanStep setUp={setUp} confirm={confirm} onClose={onClose} />;
  }
  return (
    <Dialog title="Set up a second factor" onClose={onClose}>
      <p>First your password, so that nobody does this at a screen you left open.</p>
      {first.summary !== null && <Notice>{first.summary}</Notice>}
      <form className={field.form} onSubmit={first.submit}>
        <PasswordField me={me} form={first} />
        <DialogActions form={first} send="Go on" sending="Checking…" onClose={onClose} />
      </form>
    </Dialog>
  );
}
