/** What is known about a track's sound and file, in figures. */
import type { ReactNode } from "react";
import type { Loudness, Track } from "../types";
import { QUALITIES } from "../player/state";
import { atTime, bytes, duration, level } from "@/ui/format";
import { Meter } from "@/ui/Meter";
import { When } from "@/ui/When";
import page from "@/ui/page.module.css";
import { LevelChart } from "./LevelChart";
import styles from "./track-facts.module.css";

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const QUIETEST_DB = -40;
const part = (value: number) => 1 - value / QUIETEST_DB;

interface LevelProps {
  name: string;
  /** Null where there is nothing but silence. */
  value: number | null;
  unit: string;
  clipsAt?: number;
}

function Level({ name, value, unit, clipsAt = 1 }: LevelProps) {
  const words = value === null ? "Silence" : level(value, unit);
  return (
    <Fact name={name}>
      <Meter label={name} level={value === null ? 0 : part(value)} text={words} clipsAt={clipsAt} />
      {words}
    </Fact>
  );
}

function LoudnessPanel({ loudness }: { loudness: Loudness }) {
  const { integrated_lufs, true_peak_dbtp, gain_db } = loudness;
  return (
    <section className={page.panel} aria-labelledby="loudness">
      <h2 id="loudness">Loudness</h2>
      <dl className={styles.facts}>
        <Level name="Overall" value={integrated_lufs} unit="LUFS" />
        <Level name="Highest peak" value={true_peak_dbtp} unit="dBTP" clipsAt={part(-1)} />
        {gain_db !== null && <Fact name="Gain to −18 LUFS">{level(gain_db, "dB")}</Fact>}
      </dl>
    </section>
  );
}

function Times({ track: { play_count, last_played_at } }: { track: Track }) {
  return (
    <>
      {play_count === 1 ? "Once" : `${play_count} times`}
      {last_played_at !== null && (
        <>
          , last <When time={last_played_at} />
        </>
      )}
    </>
  );
}

export function TrackFacts({ track }: { track: Track }) {
  const numbers = [track.disc_number, track.track_number].filter((each) => each !== null).join(".");
  return (
    <div className={styles.trackFacts}>
      {track.status === "ready" && <LevelChart track={track} />}
      {track.loudness && <LoudnessPanel loudness={track.loudness} />}
      {track.status === "ready" && (
        <section className={page.panel} aria-labelledby="qualities">
          <h2 id="qualities">Qualities</h2>
          <dl className={styles.facts}>
            {QUALITIES.filter(({ value }) => value !== "auto").map(({ value, name, detail }) => (
              <Fact key={value} name={name}>
                {value === "original"
                  ? `${track.content_type}, ${bytes(track.size_bytes)}`
                  : detail}
              </Fact>
            ))}
          </dl>
        </section>
      )}
      <section className={page.panel} aria-labelledby="details">
        <h2 id="details">Details</h2>
        <dl className={styles.facts}>
          <Fact name="Length">{duration(track.duration_ms)}</Fact>
          {track.album_artist !== "" && <Fact name="Album artist">{track.album_artist}</Fact>}
          {track.genre !== "" && <Fact name="Genre">{track.genre}</Fact>}
          {track.year !== null && <Fact name="Year">{track.year}</Fact>}
          {numbers !== "" && <Fact name="Number">{numbers}</Fact>}
          <Fact name="File">{track.filename}</Fact>
          <Fact name="Played">
            {track.play_count === 0 ? "Not yet" : <Times track={track} />}
          </Fact>
          <Fact name="Added">{atTime(track.created_at)}</Fact>
        </dl>
      </section>
    </div>
  );
}
