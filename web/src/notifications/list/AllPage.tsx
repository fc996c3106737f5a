/** Everything that one is told. */
import { Empty } from "@/ui/Empty";
import { ToldList } from "./ToldList";

export default function AllPage() {
  return (
    <ToldList
      unread={false}
      empty={
        <Empty icon="bell" title="Nothing yet">
          <p>What happens and concerns you is told here. In the settings you choose what.</p>
        </Empty>
      }
    />
  );
}
