/** Decisions on reviews: each shows at once, and is as before, with a reason, where it fails. */
import { useReducer, useRef } from "react";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { Problem, sentenceOf } from "@/api/problem";
import { toast } from "@/ui/toasts";
import { lineUp, NO_QUEUE, step, type Settled } from "./queue";
import { REVIEWS } from "./queries";
import type { Choice, Review } from "./types";
import { spanWords } from "./words";

/** Decided elsewhere, or gone: what the list says is right, not what was shown. */
const isOver = (error: unknown) =>
  error instanceof Problem && (error.status === 404 || error.status === 409);

let unsent = 0;

// What is still on its way would be lost with the window.
window.addEventListener("beforeunload", (event) => {
  if (unsent > 0) event.preventDefault();
});

const reread = () => queryClient.invalidateQueries({ queryKey: REVIEWS });

export function useDecisions(items: readonly Review[]) {
  const [queue, take] = useReducer(step, NO_QUEUE);
  // What is sent about a review waits for what was sent about it before.
  const sent = useRef(new Map<string, Promise<boolean>>());
  const line = lineUp(items, queue);
  const [current, following] = line;
  if (current !== undefined && queue.current !== current.id) {
    take({ kind: "show", id: current.id });
  }

  /** Whether the server took it. */
  const send = (id: string, call: string, body: object, failed: (error: unknown) => void) => {
    const before = sent.current.get(id) ?? Promise.resolve(true);
    const now = before.then(async (held) => {
      // What wasn't decided needs no undoing.
      if (!held && call === "undo") return false;
      try {
        await http.post<Review>(`/concerts/reviews/${id}/${call}`, body);
        return true;
      } catch (error) {
        failed(error);
        return false;
      } finally {
        void reread();
      }
    });
    sent.current.set(id, now);
    unsent += 1;
    void now.then(() => {
      if (sent.current.get(id) === now) sent.current.delete(id);
      unsent -= 1;
    });
  };

  const settle = (review: Review, words: string) =>
    take({ kind: "settle", settled: { review, words }, next: following?.id ?? null });

  const decide = (choice: Choice) => {
    if (!current) return;
    settle(current, choice.words);
    send(current.id, choice.call, choice.body, (error) => {
      take(isOver(error) ? { kind: "drop", id: current.id } : { kind: "reopen", review: current, here: false });
      toast({ tone: "trouble", text: `The photos of ${spanWords(current)} wait again. ${sentenceOf(error)}` });
    });
  };

  /** The server has taken it already. */
  const decided = (review: Review, words: string) => {
    settle(review, words);
    void reread();
  };

  const undo = () => {
    const last: Settled | undefined = queue.settled.at(-1);
    if (!last) return;
    const { review } = last;
    // The decision and its undoing each make a version of it.
    take({ kind: "reopen", review: { ...review, version: review.version + 2 }, here: true });
    send(review.id, "undo", {}, (error) => {
      take(isOver(error) ? { kind: "drop", id: review.id } : { kind: "settle", settled: last, next: null });
      toast({ tone: "trouble", text: `The decision on ${spanWords(review)} stands. ${sentenceOf(error)}` });
    });
  };

  const skip = () => {
    if (current && following) take({ kind: "skip", id: current.id, next: following.id });
  };

  return { line, current, following, last: queue.settled.at(-1), decide, decided, undo, skip };
}
