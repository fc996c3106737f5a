/** A new concert by hand: it stands in the lists at once, and its page is a press away. */
import { useNavigate } from "@tanstack/react-router";
import { toast } from "@/ui/toasts";
import { addConcert } from "./actions";
import { ConcertDialog } from "./ConcertDialog";
import type { Beginning } from "./keys";
import { concertName } from "./words";

export default function AddDialog({ beginning, onClose }: { beginning: Beginning; onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <ConcertDialog
      beginning={beginning}
      onClose={onClose}
      onAdd={async (form) => {
        const made = await addConcert(form);
        toast({
          text: `Added “${concertName(made)}”.`,
          action: {
            label: "Open",
            run: () =>
              void navigate({ to: "/concerts/$concertId", params: { concertId: made.id } }),
          },
        });
      }}
    />
  );
}
