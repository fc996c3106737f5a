/** How much of one's storage is used. */
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/queries";
import { bytes } from "@/ui/format";
import { Meter } from "@/ui/Meter";
import styles from "./storage-meter.module.css";

const NEARLY_FULL = 0.9;

export function StorageMeter() {
  const { data: me } = useQuery(meQuery);
  if (!me) return null;
  const { used_bytes, quota_bytes } = me.storage;
  const words = `${bytes(used_bytes)} of ${bytes(quota_bytes)} used`;
  return (
    <div className={styles.storageMeter}>
      <div>
        <Meter
          label="Storage"
          level={quota_bytes > 0 ? used_bytes / quota_bytes : 1}
          text={words}
          clipsAt={NEARLY_FULL}
        />
      </div>
      <span>{words}</span>
    </div>
  );
}
