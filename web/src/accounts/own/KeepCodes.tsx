/** The recovery codes, shown once: to copy, to download, and not to close by mistake. */
import { useState } from "react";
import { Button } from "@/ui/Button";
import { CopyButton } from "@/ui/CopyButton";
import { saveText } from "@/ui/copy";
import { Dialog } from "@/ui/Dialog";
import { Notice } from "@/ui/Notice";
import button from "@/ui/button.module.css";
import field from "@/ui/field.module.css";
import styles from "./totp.module.css";

const fileOf = (codes: readonly string[]) =>
  `Backline recovery codes for ${location.host}\nEach works once, in place of a code of the app.\n\n${codes.join("\n")}\n`;

export function KeepCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const [kept, setKept] = useState(false);
  const [warned, setWarned] = useState(false);
  const close = () => {
    if (kept) onDone();
    else setWarned(true);
  };
  return (
    <Dialog title="Keep your recovery codes" onClose={close}>
      <p>
        Without your phone, one of these lets you in, each of them once. They are shown this one
        time: put them where you will find them, but not on the phone itself.
      </p>
      <ol className={styles.codes} translate="no" aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className={button.formActions}>
        <CopyButton text={codes.join("\n")}>Copy all</CopyButton>
        <Button
          icon="download"
          onClick={() => saveText("backline-recovery-codes.txt", fileOf(codes))}
        >
          Download
        </Button>
      </div>
      {warned && !kept && <Notice>Nobody can show you these codes again. Keep them first.</Notice>}
      <div className={styles.kept}>
        <label className={field.tick}>
          <input type="checkbox" checked={kept} onChange={() => setKept(!kept)} />I have kept them
        </label>
        <Button look="signal" disabled={!kept} onClick={onDone}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}
