/** Events about what others share with one: a change of it changes what may be shown anywhere. */
import { queryClient } from "@/api/client";
import { gathered } from "@/api/gathered";
import type { Hearing } from "@/api/live";
import { instanceQuery, meQuery } from "@/api/queries";

interface MembershipEvent {
  /** None: I was put out, or left. */
  rank: string | null;
}

const MINE = [meQuery, instanceQuery].map(({ queryKey }) => queryKey[0]);

const readAnew = gathered(() => void queryClient.invalidateQueries());

/** What one was put out of leaves the page at once: an answer that is refused leaves the last one. */
function onMembership({ rank }: MembershipEvent): void {
  if (rank === null) {
    void queryClient.resetQueries({
      predicate: ({ queryKey }) => !MINE.some((name) => name === queryKey[0]),
    });
  }
  readAnew();
}

export const membershipsHearing: Hearing = {
  topics: ["memberships"],
  hear: { membership: onMembership },
};
