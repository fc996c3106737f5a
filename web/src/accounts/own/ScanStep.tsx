/** The secret for the authenticator app, as a picture and in letters, and the first code of it. */
import type { TotpOffer } from "../types";
import { CopyButton } from "@/ui/CopyButton";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { CodeField } from "./fields";
import field from "@/ui/field.module.css";
import styles from "./totp.module.css";

interface Props {
  setUp: TotpOffer;
  confirm: (code: string) => Promise<void>;
  onClose: () => void;
}

const inFours = (secret: string) => secret.match(/.{1,4}/g)?.join(" ") ?? secret;

export function ScanStep({ setUp, confirm, onClose }: Props) {
  const form = useSubmit(({ code = "" }) => confirm(code.trim()), ["code"]);
  return (
    <Dialog title="Add it to your app" onClose={onClose}>
      <div className={styles.scan}>
        <img
          className={styles.scanCode}
          src={`data:image/svg+xml;utf8,${encodeURIComponent(setUp.qr_svg)}`}
          alt="QR code for your authenticator app; the key beside it holds the same"
        />
        <div className={styles.scanWords}>
          <p>Scan this with your authenticator app.</p>
          <p className="quiet">
            On the phone itself? <a href={setUp.uri}>Open the app</a>, or type in this key:
          </p>
          <code className={styles.secret} translate="no">
            {inFours(setUp.secret)}
          </code>
          <div>
            <CopyButton small text={setUp.secret}>
              Copy the key
            </CopyButton>
          </div>
        </div>
      </div>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={field.form} onSubmit={form.submit}>
        <CodeField form={form} label="Code of the app" hint="Shows that it works before it counts." />
        <DialogActions form={form} send="Turn it on" sending="Checking…" onClose={onClose} />
      </form>
    </Dialog>
  );
}
