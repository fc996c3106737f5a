/** How far the server is in making a track playable: its job, live. */
import { useQuery } from "@tanstack/react-query";
import { jobQuery } from "@/api/queries";
import { Meter } from "@/ui/Meter";
import "./rendition.css";

export function Rendition({ jobId }: { jobId: string | null }) {
  const { data: job } = useQuery({ ...jobQuery(jobId ?? ""), enabled: jobId !== null });
  const { done = 0, total = 0, message = "" } = job?.progress ?? {};
  const words = message || "Waits to be made playable";
  return (
    <span className="rendition">
      <span className="rendition-meter">
        <Meter
          label="Being made playable"
          kind="progressbar"
          level={total > 0 ? done / total : 0}
          text={words}
        />
      </span>
      <span>{words}</span>
    </span>
  );
}
