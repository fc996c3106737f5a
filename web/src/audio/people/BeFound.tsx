/** The choice whether others find one: off until somebody turns it on. */
import { useQuery } from "@tanstack/react-query";
import { Switch } from "@/ui/Switch";
import { setPublic } from "./actions";
import { profileQuery } from "./queries";
import styles from "./people.module.css";

export function BeFound() {
  const { data } = useQuery(profileQuery);
  if (!data) return null;
  return (
    <div className={styles.choice}>
      <Switch
        label="Let others find and follow me"
        checked={data.is_public}
        onChange={(on) => void setPublic(on)}
      />
      <p>
        <strong>{data.is_public ? "You can be found" : "You can’t be found"}</strong>
        <span className="quiet">
          {data.is_public
            ? "Everybody who has an account here sees your name and your public playlists, and can follow you."
            : "Turn this on, and everybody who has an account here sees your name and your public playlists, and can follow you. Whoever you follow is told your name either way."}
        </span>
      </p>
    </div>
  );
}
