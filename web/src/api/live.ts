/** Live events handed to whoever hears them, while somebody is signed in. What they mean to a
 *  domain's pages stands in that domain; here is what all of them need for it. */
import { queryClient } from "./client";
import { onBack } from "./connection";
import { follow, onLive } from "./events";
import { gathered } from "./gathered";
import { meQuery } from "./queries";
import { session } from "./session";

/** What a domain hears: the topics it asks for, and what it does with each event of that name. */
export interface Hearing {
  topics: readonly string[];
  /** Each is given the event's data as the server sent it. */
  hear: Readonly<Record<string, (data: never) => void>>;
}

const ACCOUNT_GATHER_MS = 10_000;

/** For whatever changes how much is stored. */
export const refreshAccount = gathered(
  () => void queryClient.invalidateQueries({ queryKey: meQuery.queryKey }),
  ACCOUNT_GATHER_MS,
);

/** Follows events while somebody is signed in; forgets everything when nobody is. */
export function startLive(hearings: readonly Hearing[]): void {
  const wanted = {
    topics: [...new Set(hearings.flatMap(({ topics }) => topics))].sort(),
    names: hearings.flatMap(({ hear }) => Object.keys(hear)),
  };
  let stop: (() => void) | null = null;
  const adapt = () => {
    const { state } = session.get();
    if (state === "in") stop ??= follow(wanted);
    else {
      stop?.();
      stop = null;
      if (state === "out") queryClient.clear();
    }
  };
  onLive(({ name, data }) => {
    if (name === "reset") void queryClient.invalidateQueries();
    for (const { hear } of hearings) {
      const heard = Object.hasOwn(hear, name) ? hear[name] : undefined;
      (heard as ((data: unknown) => void) | undefined)?.(data);
    }
  });
  onBack(() => void queryClient.invalidateQueries());
  session.subscribe(adapt);
  adapt();
}
