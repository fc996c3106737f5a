/** Where photos are moved: to a concert near in time, one found by name, a new one, or to none. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { sentenceOf } from "@/api/problem";
import { Dialog } from "@/ui/Dialog";
import { Notice } from "@/ui/Notice";
import { ConcertDialog } from "../history/ConcertDialog";
import { concertName } from "../history/words";
import { Finder, type Option } from "../review/Finder";
import { seenWords } from "../review/words";
import type { ConcertItem } from "../types";
import { plural } from "../words";
import { movePhotos, type Aim, type Moved } from "./actions";
import { aimsQuery, nearQuery } from "./queries";

interface Props {
  moved: Moved;
  /** The day on which they were taken, as far as anybody knows. */
  day: string | undefined;
  /** The concert that they are of. */
  concert: string | null;
  onClose: () => void;
  onMoved: () => void;
}

type Choice = Exclude<Aim, { kind: "new" }> | { kind: "new" };

const MOST_OFFERED = 8;

const aimOption = (concert: ConcertItem): Option<Choice> => ({
  key: concert.id,
  icon: "ticket",
  label: concertName(concert),
  detail: seenWords(concert),
  taken: { kind: "concert", concert },
});

const NEW: Option<Choice> = {
  key: "new",
  icon: "plus",
  label: "A new concert…",
  detail: "",
  taken: { kind: "new" },
};

const NONE: Option<Choice> = {
  key: "none",
  icon: "photo",
  label: "No concert",
  detail: "They stay among the photos",
  taken: { kind: "none" },
};

export function MoveDialog({ moved, day, concert, onClose, onMoved }: Props) {
  const [text, setText] = useState("");
  const [making, setMaking] = useState(false);
  const [pending, setPending] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const wanted = useDeferredValue(text.trim());
  const near = useQuery(nearQuery(day));
  const found = useQuery({ ...aimsQuery(wanted), placeholderData: keepPreviousData });
  const stale = wanted !== text.trim() || (wanted !== "" && (found.isPending || found.isPlaceholderData));
  const concerts = (wanted === "" ? near : found).data?.items ?? [];
  const options = [
    ...concerts.filter(({ id }) => id !== concert).slice(0, MOST_OFFERED).map(aimOption),
    NEW,
    ...(concert === null ? [] : [NONE]),
  ];

  const move = async (aim: Aim) => {
    await movePhotos(moved, aim);
    onClose();
    onMoved();
  };
  const take = async (choice: Choice) => {
    if (pending) return;
    if (choice.kind === "new") {
      setMaking(true);
      return;
    }
    setPending(true);
    setFault(null);
    try {
      await move(choice);
    } catch (error) {
      setFault(sentenceOf(error));
    } finally {
      setPending(false);
    }
  };

  if (making) {
    return (
      <ConcertDialog
        beginning={day === undefined ? {} : { held_on: day }}
        onClose={onClose}
        onAdd={(form) => move({ kind: "new", form })}
      />
    );
  }
  const missing = wanted !== "" && found.data?.items.length === 0;
  return (
    <Dialog title={`Move ${plural(moved.count, "photo")} to…`} onClose={onClose}>
      {fault !== null && <Notice>{fault}</Notice>}
      {near.error !== null && wanted === "" && <Notice>{sentenceOf(near.error)}</Notice>}
      <Finder
        label="Concert"
        hint="Artist, venue or city"
        text={text}
        options={options}
        stale={stale}
        onText={setText}
        onTake={(choice) => void take(choice)}
      />
      {missing && <p className="quiet">No concert of yours has “{wanted}” in it.</p>}
      {pending && <p className="quiet" role="status">Moving…</p>}
    </Dialog>
  );
}
