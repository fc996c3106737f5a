/** Keeping one of several tracks, and taking that back. */
import type { InfiniteData } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import type { Page, Schemas } from "@/api/types";
import { toast } from "@/ui/toasts";
import { patchTrack } from "../live";
import type { Track } from "../types";
import { DUPLICATES, type Duplicate, type DuplicateGroup } from "./queries";

type Groups = InfiniteData<Page<DuplicateGroup>, string | null>;

const readAgain = async () => {
  await queryClient.invalidateQueries({ queryKey: DUPLICATES });
  await queryClient.invalidateQueries({ queryKey: ["tracks"] });
};

/** A group leaves the page at once. */
function without(group: DuplicateGroup): void {
  queryClient.setQueriesData<Groups>({ queryKey: DUPLICATES }, (data) => {
    if (data === undefined) return data;
    const pages = data.pages.map((page) => ({
      ...page,
      items: page.items.filter((each) => each !== group),
    }));
    return { ...data, pages };
  });
}

async function undo(mergeId: string, title: string): Promise<void> {
  try {
    await http.post<Track>(`/tracks/merges/${mergeId}/undo`);
  } catch (error) {
    toast({ tone: "trouble", text: `“${title}” stays as it is. ${sentenceOf(error)}` });
  }
  await readAgain();
}

const gone = (others: readonly Duplicate[]) =>
  others.length === 1 ? "The other one is deleted." : `The other ${others.length} are deleted.`;

export async function keep(group: DuplicateGroup, kept: Duplicate): Promise<void> {
  const others = group.items.filter((each) => each !== kept);
  const { title } = kept.track;
  without(group);
  try {
    const track_ids = others.map(({ track }) => track.id);
    const done = await http.post<Schemas["Kept"]>(`/tracks/${kept.track.id}/keep`, { track_ids });
    patchTrack(kept.track.id, () => done.track);
    const stay = others.some(({ path }) => path !== null) ? " Files in folders stay there." : "";
    toast({
      text: `Kept “${title}”. ${gone(others)}${stay}`,
      action: { label: "Undo", run: () => void undo(done.merge_id, title) },
    });
  } catch (error) {
    toast({ tone: "trouble", text: `All of “${title}” are still there. ${sentenceOf(error)}` });
  }
  await readAgain();
}
