/** What is known about a track's sound and file, in figures. */
import type { ReactNode } from "react";
import type { Track } from "@/api/types";
import { QUALITIES } from "@/player/state";
import { atTime, bytes, duration, level } from "@/ui/format";
import { Meter } from "@/ui/Meter";
import "./track-facts.css";

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const QUIETEST_LUFS = -40;
const part = (value: number) => 1 - value / QUIETEST_LUFS;

function Loudness({ loudness }: { loudness: NonNullable<Track["loudness"]> }) {
  const { integrated_lufs, true_peak_dbtp, gain_db } = loudness;
  return (
    <section className="panel" aria-labelledby="loudness">
      <h2 id="loudness">Loudness</h2>
      <dl className="facts">
        <Fact name="Overall">
          <Meter
            label="Overall loudness"
            level={part(integrated_lufs)}
            text={level(integrated_lufs, "LUFS")}
            segments={32}
          />
          {level(integrated_lufs, "LUFS")}
        </Fact>
        <Fact name="Highest peak">
          <Meter
            label="Highest peak"
            level={part(true_peak_dbtp)}
            text={level(true_peak_dbtp, "dBTP")}
            segments={32}
            clipsAt={part(-1)}
          />
          {level(true_peak_dbtp, "dBTP")}
        </Fact>
        <Fact name="Gain to −18 LUFS">{level(gain_db, "dB")}</Fact>
      </dl>
    </section>
  );
}

export function TrackFacts({ track }: { track: Track }) {
  const numbers = [track.disc_number, track.track_number].filter((each) => each !== null).join(".");
  return (
    <div className="track-facts">
      {track.loudness && <Loudness loudness={track.loudness} />}
      {track.status === "ready" && (
        <section className="panel" aria-labelledby="qualities">
          <h2 id="qualities">Qualities</h2>
          <dl className="facts">
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
      <section className="panel" aria-labelledby="details">
        <h2 id="details">Details</h2>
        <dl className="facts">
          <Fact name="Length">{duration(track.duration_ms)}</Fact>
          {track.album_artist !== null && <Fact name="Album artist">{track.album_artist}</Fact>}
          {track.genre !== null && <Fact name="Genre">{track.genre}</Fact>}
          {track.year !== null && <Fact name="Year">{track.year}</Fact>}
          {numbers !== "" && <Fact name="Number">{numbers}</Fact>}
          <Fact name="File">{track.filename}</Fact>
          <Fact name="Added">{atTime(track.created_at)}</Fact>
        </dl>
      </section>
    </div>
  );
}
