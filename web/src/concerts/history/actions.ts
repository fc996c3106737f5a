/** What people do to concerts: it shows at once, and is undone with a reason if it fails. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { toast } from "@/ui/toasts";
import type { Concert, ConcertForm, ConcertItem, ConcertPatch, Venue } from "../types";
import { holdReads, itemOf, keepConcert, patchConcert, placeConcert, reread } from "./cache";
import { concertQuery } from "./queries";
import { concertName } from "./words";

export type Named = Pick<ConcertItem, "id" | "title" | "bill" | "venue">;

let drafts = 0;

/** Whether a row is still on its way to the server: nothing can be done to it yet. */
export const isDraft = ({ id }: Pick<ConcertItem, "id">) => id.startsWith("new-");

const foreseenVenue = (venue: ConcertForm["venue"], was: Venue | null): Venue | null =>
  venue == null
    ? null
    : {
        id: was?.name === venue.name ? was.id : "",
        name: venue.name,
        city: venue.city,
        country_code: venue.country_code,
        location: venue.location ?? null,
        concert_count: was?.name === venue.name ? was.concert_count : 1,
      };

/** What a change makes of a concert before the server has said so. */
function foreseen<T extends ConcertItem | Concert>(concert: T, patch: ConcertPatch): T {
  const { venue, bill, ...rest } = patch;
  const played = bill?.map((each) => {
    const was = concert.bill.find(({ name }) => name === each.name);
    return { artist_id: "", tour: "", setlist_url: "", songs: [], ...was, ...each };
  });
  return {
    ...concert,
    ...rest,
    ...(venue === undefined ? {} : { venue: foreseenVenue(venue, concert.venue) }),
    ...(played === undefined ? {} : { bill: played }),
  };
}

/** A concert as lists show it until the server has made it. */
function drafted(form: ConcertForm): ConcertItem {
  drafts += 1;
  const nothing: ConcertItem = {
    id: `new-${drafts}`,
    held_on: form.held_on,
    ends_on: null,
    title: "",
    festival: false,
    venue: null,
    bill: [],
    source: "person",
    confidence: null,
    photo_count: 0,
    cover: null,
    version: 0,
  };
  return foreseen(nothing, form);
}

/** Throws what the server has against it, for the form that asked. */
export async function addConcert(form: ConcertForm): Promise<Concert> {
  const row = drafted(form);
  await holdReads();
  placeConcert(row);
  try {
    const made = await http.post<Concert>("/concerts", form);
    patchConcert(row.id, () => itemOf(made));
    keepConcert(made);
    return made;
  } catch (error) {
    patchConcert(row.id, () => null);
    throw error;
  } finally {
    void reread();
  }
}

/** Shows the change at once; throws what the server has against it, and all is as it was. */
export async function editConcert(id: string, patch: ConcertPatch): Promise<void> {
  const { queryKey } = concertQuery(id);
  await holdReads();
  let row: ConcertItem | undefined;
  patchConcert(id, (each) => foreseen((row = each), patch));
  const page = queryClient.getQueryData<Concert>(queryKey);
  queryClient.setQueryData<Concert>(queryKey, (each) => each && foreseen(each, patch));
  try {
    keepConcert(await http.patch<Concert>(`/concerts/${id}`, patch));
  } catch (error) {
    if (row) patchConcert(id, () => row ?? null);
    if (page) queryClient.setQueryData<Concert>(queryKey, page);
    throw error;
  } finally {
    void reread();
  }
}

export async function deleteConcert(concert: Named): Promise<void> {
  const name = concertName(concert);
  await holdReads();
  patchConcert(concert.id, () => null);
  try {
    await http.delete(`/concerts/${concert.id}`);
  } catch (error) {
    toast({ tone: "trouble", text: `“${name}” is still there. ${sentenceOf(error)}` });
    void reread(true);
    return;
  }
  void reread();
  toast({
    text: `Deleted “${name}”.`,
    action: { label: "Undo", run: () => void restoreConcert(concert) },
  });
}

async function restoreConcert(concert: Named): Promise<void> {
  try {
    keepConcert(await http.post<Concert>(`/concerts/${concert.id}/restore`));
  } catch (error) {
    toast({ tone: "trouble", text: `“${concertName(concert)}” is gone. ${sentenceOf(error)}` });
  }
  // Nobody but the server knows its place in a long list.
  void reread(true);
}
