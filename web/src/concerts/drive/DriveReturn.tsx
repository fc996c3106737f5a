/** Where Google leads back to: keeps the connection, then goes on to the sources of photos. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { queryClient } from "@/api/client";
import { sentenceOf } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/toasts";
import { connectDrive, keepDrive, scanDrive } from "./actions";
import { driveQuery } from "./queries";

const REFUSED = "You didn’t agree at Google, so nothing was connected.";
const EMPTY = "Google said nothing that Backline could use.";

/** An answer counts once, so it is sent once, however often the page is drawn. */
let sent = "";

export default function DriveReturn() {
  const search = useSearch({ from: "/in/photos/drive" });
  // As one came: the address changes at once.
  const [{ code, state, error }] = useState(search);
  const navigate = useNavigate();
  const refusal = error !== undefined ? REFUSED : EMPTY;
  const [fault, setFault] = useState<string | null>(
    code === undefined || state === undefined ? refusal : null,
  );

  useEffect(() => {
    // What Google said is a secret for as long as it counts: it leaves the address at once.
    void navigate({ to: "/photos/drive", search: {}, replace: true });
    if (code === undefined || state === undefined || sent === state) return;
    sent = state;
    keepDrive(code, state)
      .then(async () => {
        const reads = queryClient.getQueryData(driveQuery.queryKey)?.may_read === true;
        toast({
          text: reads
            ? "Google Drive is connected. Its pictures come with this scan."
            : "Google Drive is connected.",
        });
        await scanDrive();
        await navigate({ to: "/photos/scans", replace: true });
      })
      .catch((reason: unknown) => setFault(sentenceOf(reason)));
  }, [code, state, navigate]);

  if (fault === null) return <Skeleton what="Google Drive" rows={2} />;
  return (
    <Notice
      title="Google Drive isn’t connected"
      action={
        <>
          <Button icon="retry" onClick={() => void connectDrive()}>
            Connect once more
          </Button>
          <Button look="bare" onClick={() => void navigate({ to: "/photos/scans" })}>
            Back to the scans
          </Button>
        </>
      }
    >
      {fault}
    </Notice>
  );
}
