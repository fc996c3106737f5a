/** A new token, this one time, and how a program uses it. */
import { Button } from "@/ui/Button";
import { CopyButton } from "@/ui/CopyButton";
import { Dialog } from "@/ui/Dialog";
import button from "@/ui/button.module.css";
import styles from "./tokens.module.css";

export const exampleFor = (token: string) =>
  `curl -H "Authorization: Bearer ${token}" ${location.origin}/api/v1/tracks`;

export function ShownOnce({ token, onClose }: { token: string; onClose: () => void }) {
  return (
    <Dialog title="Your new token" onClose={onClose}>
      <p>Copy it now. It is shown this one time; only a fingerprint of it is stored here.</p>
      <div className={styles.once}>
        <code translate="no">{token}</code>
        <CopyButton text={token}>Copy the token</CopyButton>
      </div>
      <p className="quiet">Programs send it with every request:</p>
      <pre className={styles.example} translate="no">
        {exampleFor("bl_…")}
      </pre>
      <div className={button.formActions}>
        <Button look="signal" onClick={onClose}>
          I have copied it
        </Button>
      </div>
    </Dialog>
  );
}
