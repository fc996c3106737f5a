/** The daily digest: whether, at which hour, and in which time zone. */
import field from "@/ui/field.module.css";
import { Select } from "@/ui/Select";
import { choose } from "../actions";
import type { Settings } from "../types";
import { HOURS, zoneHere, zonesWith } from "./hours";

export function Digest({ settings }: { settings: Settings }) {
  const { digest, digest_hour, time_zone, letters } = settings;
  const here = zoneHere();
  const turn = () => {
    // Whoever never chose a zone means the one where they are.
    const zone = !digest && time_zone === "UTC" ? { time_zone: here } : {};
    void choose({ digest: !digest, ...zone });
  };
  return (
    <div className={field.form}>
      <label className={field.tick}>
        <input
          type="checkbox"
          checked={digest}
          disabled={letters === "no-server" && !digest}
          onChange={turn}
        />
        One letter a day with all that is new and unread
      </label>
      {digest && (
        <>
          <Select
            label="At"
            value={String(digest_hour)}
            options={HOURS}
            onChange={(event) => void choose({ digest_hour: Number(event.target.value) })}
          />
          <Select
            label="Time zone"
            value={time_zone}
            options={zonesWith(time_zone, here)}
            onChange={(event) => void choose({ time_zone: event.target.value })}
          />
        </>
      )}
    </div>
  );
}
