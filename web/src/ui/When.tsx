/** A time as its distance from now, with the exact one on hovering. */
import { atTime, fromNow } from "./format";
import { useNow } from "./now";

export function When({ time }: { time: string }) {
  const now_ms = useNow();
  return (
    <time dateTime={time} title={atTime(time)}>
      {fromNow(time, now_ms)}
    </time>
  );
}
