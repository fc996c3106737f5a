/** Google Drive among the sources of photos: how its connection stands, and what can be done. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { CopyButton } from "@/ui/CopyButton";
import { Icon } from "@/ui/Icon";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { Tag } from "@/ui/Tag";
import { connectDrive, disconnectDrive, scanDrive } from "./actions";
import { driveQuery, type DriveState } from "./queries";
import styles from "./drive.module.css";

const STATES: Record<DriveState["state"], string> = {
  "not-set-up": "Not set up",
  "not-connected": "Not connected",
  connected: "Connected",
  reconnect: "Reconnect",
};

function Missing({ drive }: { drive: DriveState }) {
  return (
    <>
      <p>
        Nobody can connect a Drive here yet. Whoever runs this server makes an OAuth client for the
        web at Google, with the address below as its redirect address, and sets
      </p>
      <ul className={styles.missing}>
        {drive.missing.map((name) => (
          <li key={name}>
            <code>{name}</code>
          </li>
        ))}
      </ul>
      <div className={styles.address}>
        <code>{drive.redirect_uri}</code>
        <CopyButton small text={drive.redirect_uri}>
          Copy
        </CopyButton>
      </div>
    </>
  );
}

function Words({ drive }: { drive: DriveState }) {
  switch (drive.state) {
    case "not-set-up":
      return <Missing drive={drive} />;
    case "not-connected":
      return (
        <p>
          Backline reads from Google’s list when and where photos were taken. It sees names, times
          and places, opens no picture, changes nothing, and leaves all of them where they are.
        </p>
      );
    case "reconnect":
      return <p className={styles.fault}>{drive.fault}</p>;
    case "connected":
      return (
        <>
          <p>
            {drive.account}
            {drive.name !== null && <span className={styles.name}>{drive.name}</span>}
          </p>
          <p>
            {drive.may_read
              ? "A small picture of each photo is kept here; those with a star are copied whole."
              : "Backline knows when and where photos were taken, and sees none of them. If you let it read your files, it shows a small picture of each, and copies those with a star."}
          </p>
        </>
      );
  }
}

function Actions({ drive, onEnd }: { drive: DriveState; onEnd: () => void }) {
  const { state } = drive;
  return (
    <div className={styles.actions}>
      {state === "not-connected" && (
        <Button look="signal" icon="out" onClick={() => void connectDrive()}>
          Connect Google Drive
        </Button>
      )}
      {state === "reconnect" && (
        <Button look="signal" icon="out" onClick={() => void connectDrive()}>
          Connect anew
        </Button>
      )}
      {state === "connected" && (
        <Button look="signal" onClick={() => void scanDrive()}>
          Scan now
        </Button>
      )}
      {state === "connected" && !drive.may_read && (
        <Button icon="out" onClick={() => void connectDrive({ pictures: true })}>
          Show pictures
        </Button>
      )}
      {(state === "connected" || state === "reconnect") && (
        <Button onClick={onEnd}>Disconnect</Button>
      )}
    </div>
  );
}

export function DriveCard() {
  const { data: drive, error, refetch } = useQuery(driveQuery);
  const [ending, setEnding] = useState(false);
  if (error !== null) {
    return <Failed what="Google Drive can't be shown" error={error} retry={() => void refetch()} />;
  }
  if (drive === undefined) return <Skeleton what="Google Drive" rows={2} />;
  const tone = drive.state === "reconnect" ? "trouble" : "plain";
  return (
    <section className={styles.drive} aria-label="Google Drive">
      <header>
        <Icon name="photo" />
        <h2>Google Drive</h2>
        <Tag tone={tone}>{STATES[drive.state]}</Tag>
      </header>
      <div className={styles.words}>
        <Words drive={drive} />
      </div>
      <Actions drive={drive} onEnd={() => setEnding(true)} />
      {ending && (
        <ConfirmDialog
          title="Disconnect Google Drive?"
          send="Disconnect"
          sending="Disconnecting…"
          onClose={() => setEnding(false)}
          confirm={async () => {
            await disconnectDrive();
            setEnding(false);
          }}
        >
          Backline gives its access back to Google. The photos that it found stay in your history.
        </ConfirmDialog>
      )}
    </section>
  );
}
