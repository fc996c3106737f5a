/** What one hasn't read. */
import { Empty } from "@/ui/Empty";
import { ToldList } from "./ToldList";

export default function UnreadPage() {
  return (
    <ToldList
      unread
      empty={
        <Empty icon="check" title="All read">
          <p>Nothing has happened that you don't know of.</p>
        </Empty>
      }
    />
  );
}
