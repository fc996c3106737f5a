/** Whether signing in asks for a code too, and the ways to change that. */
import { useState } from "react";
import type { User } from "@/api/types";
import { Button } from "@/ui/Button";
import { Lamp } from "@/ui/Lamp";
import { NewCodes } from "./NewCodes";
import { SetUpTotp } from "./SetUpTotp";
import { TurnOffTotp } from "./TurnOffTotp";
import button from "@/ui/button.module.css";
import styles from "./states.module.css";

export function SecondFactor({ me }: { me: User }) {
  const [open, setOpen] = useState<"set-up" | "codes" | "off" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <p className={styles.state}>
        <Lamp lit={me.totp} />
        <span>
          <strong>{me.totp ? "On" : "Off"}</strong>
          <span className="quiet">
            {me.totp
              ? "Signing in asks for a code of your authenticator app."
              : "Your password alone opens your account."}
          </span>
        </span>
      </p>
      {!me.totp && (
        <p>
          With a second factor, whoever learns your password still can't sign in: they would need
          your phone too. Any authenticator app will do.
        </p>
      )}
      <div className={button.formActions}>
        {me.totp ? (
          <>
            <Button onClick={() => setOpen("codes")}>New recovery codes</Button>
            <Button onClick={() => setOpen("off")}>Turn off</Button>
          </>
        ) : (
          <Button look="signal" icon="lock" onClick={() => setOpen("set-up")}>
            Set up
          </Button>
        )}
      </div>
      {open === "set-up" && <SetUpTotp me={me} onClose={close} />}
      {open === "codes" && <NewCodes me={me} onClose={close} />}
      {open === "off" && <TurnOffTotp me={me} onClose={close} />}
    </>
  );
}
