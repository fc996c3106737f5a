/** The form for a concert of a list, once all of it is here. */
import { useQuery } from "@tanstack/react-query";
import { Dialog } from "@/ui/Dialog";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { editConcert } from "./actions";
import { ConcertDialog } from "./ConcertDialog";
import { concertQuery } from "./queries";

export function EditConcert({ id, onClose }: { id: string; onClose: () => void }) {
  const { data, error, refetch } = useQuery(concertQuery(id));
  if (data) {
    return (
      <ConcertDialog concert={data} onClose={onClose} onChange={(patch) => editConcert(id, patch)} />
    );
  }
  return (
    <Dialog title="Edit concert" onClose={onClose}>
      {error === null ? (
        <Skeleton what="the concert" rows={6} />
      ) : (
        <Failed what="This concert can't be shown" error={error} retry={() => void refetch()} />
      )}
    </Dialog>
  );
}
