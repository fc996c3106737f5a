/** The player's small parts, used by the bar and the full page: transport, volume, quality, fault. */
import { useStore } from "@/api/store";
import { Button, IconButton } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { Meter } from "@/ui/Meter";
import { setVolume, toggleMute } from "./element";
import { setLevelling } from "./levelling";
import { go, resume, seek, setQuality, toggle } from "./player";
import { LEVELLINGS, player, playhead, QUALITIES } from "./state";
import { clock } from "@/ui/format";
import { Waveform } from "./Waveform";
import { classes } from "@/ui/classes";
import styles from "./controls.module.css";

export function Transport() {
  const { status } = useStore(player);
  const on = status === "playing" || status === "loading";
  return (
    <div className={styles.transport}>
      <IconButton icon="previous" label="Previous (k)" onClick={() => void go(-1)} />
      <IconButton
        strong
        icon={on ? "pause" : "play"}
        label={on ? "Pause" : "Play"}
        title={on ? "Pause (space)" : "Play (space)"}
        size={22}
        onClick={toggle}
      />
      <IconButton icon="next" label="Next (j)" onClick={() => void go(1)} />
    </div>
  );
}

export function Seeker({ tall = false }: { tall?: boolean }) {
  const { track } = useStore(player);
  const { position_s, duration_s, bufferedTo_s } = useStore(playhead);
  if (!track) return null;
  return (
    <div className={classes(styles.seeker, tall && styles.seekerTall)}>
      <span className={styles.seekerTime}>{clock(position_s)}</span>
      <Waveform
        trackId={track.id}
        via={track.via}
        label={`Position in ${track.title}`}
        position_s={position_s}
        duration_s={duration_s}
        bufferedTo_s={bufferedTo_s}
        tall={tall}
        onSeek={seek}
      />
      <span className={styles.seekerTime}>−{clock(duration_s - position_s)}</span>
    </div>
  );
}

export function Volume() {
  const { volume, muted } = useStore(player);
  return (
    <div className={styles.volume}>
      <IconButton
        icon={muted || volume === 0 ? "muted" : "volume"}
        label="Mute"
        title="Mute (m)"
        aria-pressed={muted}
        onClick={toggleMute}
      />
      <div className={styles.fader}>
        <Meter label="Volume" level={muted ? 0 : volume} hidden />
        <input
          type="range"
          min={0}
          max={100}
          aria-label="Volume"
          aria-valuetext={muted ? "muted" : `${Math.round(volume * 100)} %`}
          value={muted ? 0 : Math.round(volume * 100)}
          onChange={(event) => setVolume(Number(event.target.value) / 100)}
        />
      </div>
    </div>
  );
}

/** Where files aren't given away. */
const LISTENED = QUALITIES.filter(({ value }) => value !== "original");

export function QualityMenu() {
  const { quality, track } = useStore(player);
  const via = track?.via;
  const given = via && "token" in via && !via.mayDownload ? LISTENED : QUALITIES;
  const current = given.find((each) => each.value === quality) ?? given.at(-1);
  return (
    <Menu
      label={`Quality: ${current?.name ?? ""}`}
      side="up"
      className={styles.qualityButton}
      items={given.map(({ value, name, detail }) => ({
        key: value,
        label: name,
        detail,
        checked: value === current?.value,
        run: () => setQuality(value),
      }))}
    >
      <span>{current?.name}</span>
      <Icon name="down" size={14} />
    </Menu>
  );
}

/** Without the graph behind the element nothing can be made louder. */
const levels = "MediaSource" in window && "AudioContext" in window;

export function LevellingMenu() {
  const { levelling } = useStore(player);
  const current = LEVELLINGS.find(({ value }) => value === levelling);
  if (!levels) return null;
  return (
    <Menu
      label={`Loudness: ${current?.name ?? ""}`}
      side="up"
      className={styles.qualityButton}
      items={LEVELLINGS.map(({ value, name, detail }) => ({
        key: value,
        label: name,
        detail,
        checked: value === levelling,
        run: () => void setLevelling(value),
      }))}
    >
      <span>{current?.name}</span>
      <Icon name="down" size={14} />
    </Menu>
  );
}

/** Why it doesn't sound, and the button that helps. */
export function PlayerFault() {
  const { fault } = useStore(player);
  if (!fault) return null;
  return (
    <div className={styles.playerFault} role="alert">
      <Icon name="warning" />
      <p>{fault.text}</p>
      {fault.remedy === "retry" ? (
        <Button small icon="retry" onClick={resume}>
          Try again
        </Button>
      ) : (
        <Button small icon="play" onClick={() => setQuality("auto")}>
          Play automatically
        </Button>
      )}
    </div>
  );
}
