/** What people do to what they are told: it shows at once, and is as before where it fails. */
import type { InfiniteData } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { toast } from "@/ui/toasts";
import { LISTS, settingsQuery, TOLD, unreadQuery } from "./queries";
import { inTurn } from "./sending";
import type { Marked, Settings, SettingsPatch, Told, ToldPage } from "./types";

type ToldPages = InfiniteData<ToldPage, string | null>;

/** Changes what is listed; null takes it out. */
function patch(change: (told: Told) => Told | null): void {
  // An answer that is on its way tells of the time before.
  void queryClient.cancelQueries({ queryKey: TOLD });
  queryClient.setQueriesData<ToldPages>({ queryKey: LISTS }, (data) =>
    data === undefined
      ? data
      : {
          ...data,
          pages: data.pages.map((page) => ({
            ...page,
            items: page.items.flatMap((told) => change(told) ?? []),
          })),
        },
  );
}

function count(change: (unread: number) => number): void {
  queryClient.setQueryData(unreadQuery.queryKey, (data) =>
    data === undefined ? data : { unread: Math.max(0, change(data.unread)) },
  );
}

export async function markRead(told: Told, read: boolean): Promise<void> {
  if ((told.read_at !== null) === read) return;
  const read_at = read ? new Date().toISOString() : null;
  patch((each) => (each.id === told.id ? { ...each, read_at } : each));
  count((unread) => unread + (read ? -1 : 1));
  try {
    await inTurn(() => http.patch<Told>(`/notifications/${told.id}`, { read }));
  } catch (error) {
    toast({ tone: "trouble", text: `It stays ${read ? "unread" : "read"}. ${sentenceOf(error)}` });
  }
}

async function markBack(notice_ids: string[]): Promise<void> {
  const back = new Set(notice_ids);
  patch((each) => (back.has(each.id) ? { ...each, read_at: null } : each));
  count((unread) => unread + back.size);
  try {
    await inTurn(() => http.post<Marked>("/notifications/mark", { read: false, notice_ids }));
  } catch (error) {
    toast({ tone: "trouble", text: `They stay read. ${sentenceOf(error)}` });
  }
}

/** All up to the latest that is on the page: what has come since, nobody has seen. */
export async function markAllRead(up_to: string): Promise<void> {
  const read_at = new Date().toISOString();
  patch((each) => ({ ...each, read_at: each.read_at ?? read_at }));
  count(() => 0);
  try {
    const mark = { read: true, up_to };
    const { notice_ids } = await inTurn(() => http.post<Marked>("/notifications/mark", mark));
    toast({
      text: notice_ids.length === 1 ? "Marked one as read." : `Marked ${notice_ids.length} as read.`,
      action: { label: "Undo", run: () => void markBack(notice_ids) },
    });
  } catch (error) {
    toast({ tone: "trouble", text: `Nothing was marked. ${sentenceOf(error)}` });
  }
}

export async function deleteTold(told: Told): Promise<void> {
  patch((each) => (each.id === told.id ? null : each));
  if (told.read_at === null) count((unread) => unread - 1);
  try {
    await inTurn(() => http.delete(`/notifications/${told.id}`));
  } catch (error) {
    toast({ tone: "trouble", text: `It is still there. ${sentenceOf(error)}` });
  }
}

/** What a change makes of the settings before the server has said so. */
function foreseen(settings: Settings, { kinds = {}, ...rest }: SettingsPatch): Settings {
  const changed = settings.kinds.map((each) => ({ ...each, ...kinds[each.kind] }));
  return { ...settings, ...rest, kinds: changed };
}

export async function choose(change: SettingsPatch): Promise<void> {
  const { queryKey } = settingsQuery;
  void queryClient.cancelQueries({ queryKey });
  const before = queryClient.getQueryData(queryKey);
  queryClient.setQueryData(queryKey, (settings) => settings && foreseen(settings, change));
  try {
    const settings = await http.patch<Settings>("/notifications/settings", change);
    queryClient.setQueryData(queryKey, settings);
  } catch (error) {
    queryClient.setQueryData(queryKey, before);
    toast({ tone: "trouble", text: `All is as it was. ${sentenceOf(error)}` });
  }
}
