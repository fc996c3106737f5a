/** The state of a stream key on the page: hidden until it is asked for, and again after a minute. */
import { useEffect, useState } from "react";
import { sentenceOf } from "@/api/problem";
import { toast } from "@/ui/toasts";
import { copyText } from "@/ui/copy";
import { renewKey, showKey } from "../projects";

const SHOWN_MS = 60_000;

export function useStreamKey(projectId: string) {
  const [shown, setShown] = useState<string | null>(null);
  const [pending, setPending] = useState(false);

  useEffect(() => {
    if (shown === null) return;
    const timer = setTimeout(() => setShown(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [shown]);

  const ask = async (give: (key: string) => void | Promise<void>) => {
    setPending(true);
    try {
      await give(shown ?? (await showKey(projectId)));
    } catch (error) {
      toast({ tone: "trouble", text: `The stream key can't be shown. ${sentenceOf(error)}` });
    } finally {
      setPending(false);
    }
  };
  return {
    shown,
    pending,
    toggle: () => {
      if (shown === null) void ask(setShown);
      else setShown(null);
    },
    copy: (near: Element) =>
      void ask(async (key) => {
        if (await copyText(key, near)) toast({ text: "The stream key is copied." });
        else setShown(key);
      }),
    /** Throws what went wrong: the dialog that asked tells it. */
    renew: async () => setShown(await renewKey(projectId)),
  };
}
