/** Starts a radio: a queue that goes on page by page, mixed anew each time. */
import { sentenceOf } from "@/api/problem";
import { toast } from "@/ui/toasts";
import { playQueue } from "../player/player";
import { radioPage, type RadioPage } from "./queries";

type Of = Parameters<typeof radioPage>[0];

const tracksOf = ({ items }: RadioPage) => items.map(({ track }) => track);

export async function startRadio(of: Of): Promise<void> {
  try {
    const first = await radioPage(of, null);
    const more = async (cursor: string) => {
      const page = await radioPage(of, cursor);
      return { items: tracksOf(page), next_cursor: page.next_cursor ?? null };
    };
    const cursor = first.next_cursor ?? null;
    const rest = cursor === null ? null : { more, cursor };
    playQueue({ tracks: tracksOf(first), index: 0, rest });
  } catch (error) {
    toast({ tone: "trouble", text: `The radio can’t be started. ${sentenceOf(error)}` });
  }
}
