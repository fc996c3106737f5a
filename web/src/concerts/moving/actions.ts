/** Photos moved between concerts: said once the server has done it, with undo. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import type { Schemas } from "@/api/types";
import { toast } from "@/ui/toasts";
import { rereadLists, takeOut } from "../cache";
import { reread } from "../history/cache";
import { concertName } from "../history/words";
import type { ConcertForm, ConcertItem } from "../types";
import { plural } from "../words";

/** Some photos, or all of a concert; `from` is where they are shown. */
export interface Moved {
  from: string | null;
  ids: readonly string[] | "all";
  count: number;
}

export type Aim =
  | { kind: "concert"; concert: Pick<ConcertItem, "id" | "title" | "bill" | "venue"> }
  | { kind: "new"; form: ConcertForm }
  | { kind: "none" };

type Move = Schemas["PhotoMove"];

function bodyOf({ from, ids }: Moved, aim: Aim): Schemas["PhotoMoveForm"] {
  return {
    from_concert_id: from,
    photo_ids: ids === "all" ? [] : [...ids],
    concert_id: aim.kind === "concert" ? aim.concert.id : null,
    concert: aim.kind === "new" ? aim.form : null,
  };
}

/** "“Low”": what a concert is called, also before it is made. */
function aimWords(aim: Aim): string {
  if (aim.kind === "none") return "";
  const { title, bill = [], venue = null } = aim.kind === "new" ? aim.form : aim.concert;
  return `“${concertName({ title, bill, venue })}”`;
}

function rereadAll(): void {
  rereadLists();
  void reread(true);
  void queryClient.invalidateQueries({ queryKey: ["concert"] });
  void queryClient.invalidateQueries({ queryKey: ["photo"] });
}

/** Throws what the server has against it, for the dialog that asked. */
export async function movePhotos(moved: Moved, aim: Aim): Promise<void> {
  const move = await http.post<Move>("/concerts/moves", bodyOf(moved, aim));
  if (moved.from !== null) takeOut(moved.from, moved.ids);
  rereadAll();
  const photos = plural(move.photo_count, "photo");
  toast({
    text: aim.kind === "none" ? `Took ${photos} out of the concert.` : `Moved ${photos} to ${aimWords(aim)}.`,
    action: { label: "Undo", run: () => void undoMove(move) },
  });
}

async function undoMove({ id }: Move): Promise<void> {
  try {
    const { photo_count } = await http.post<Move>(`/concerts/moves/${id}/undo`);
    toast({ text: `${plural(photo_count, "photo")} went back.` });
  } catch (error) {
    toast({ tone: "trouble", text: `The photos stay where they are. ${sentenceOf(error)}` });
  }
  rereadAll();
}
