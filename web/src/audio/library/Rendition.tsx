/** How far the server is in making a track playable: its job, live. */
import { useQuery } from "@tanstack/react-query";
import { jobQuery } from "@/api/queries";
import { Meter } from "@/ui/Meter";
import { levelOf, progressWords } from "@/ui/progress";
import styles from "./rendition.module.css";

export function Rendition({ jobId }: { jobId: string | null }) {
  const { data: job } = useQuery({ ...jobQuery(jobId ?? ""), enabled: jobId !== null });
  const words = progressWords(job);
  return (
    <span className={styles.rendition}>
      <span className={styles.renditionMeter}>
        <Meter
          label="Being made playable"
          kind="progressbar"
          level={levelOf(job)}
          text={words}
        />
      </span>
      <span>{words}</span>
    </span>
  );
}
