/** What the star of a photo waits for that lies in a Google Drive. */
import { useQuery } from "@tanstack/react-query";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import type { Photo } from "../types";
import { connectDrive } from "./actions";
import { driveQuery } from "./queries";

/** Whether the star hasn't brought a copy yet, and nothing says why. */
export const isWaiting = ({ source, starred, original, error, remote_url }: Photo) =>
  source === "drive" && starred && original === null && error === null && remote_url !== null;

export function StarNote({ photo }: { photo: Photo }) {
  const { data: drive } = useQuery(driveQuery);
  if (drive === undefined) return null;
  if (drive.source_id !== photo.source_id || drive.state !== "connected") {
    return (
      <Notice
        tone="plain"
        action={
          <Button small icon="out" onClick={() => void connectDrive({ pictures: true })}>
            Connect Google Drive
          </Button>
        }
      >
        The star is kept. Its original is copied here once that Google Drive is connected.
      </Notice>
    );
  }
  if (drive.may_read) return <Notice tone="plain">Its original is being copied here.</Notice>;
  return (
    <Notice
      tone="plain"
      action={
        <Button small icon="out" onClick={() => void connectDrive({ pictures: true })}>
          Show pictures
        </Button>
      }
    >
      The star is kept. Its original is copied here once you let Backline read your files, at
      Google.
    </Notice>
  );
}
