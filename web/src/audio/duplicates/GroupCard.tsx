/** Tracks that are probably one: what tells them apart, and the press that keeps one of them. */
import { Link } from "@tanstack/react-router";
import { Button } from "@/ui/Button";
import { bytes, count, duration } from "@/ui/format";
import { Tag } from "@/ui/Tag";
import { byline } from "../byline";
import { PlayButton } from "../library/PlayButton";
import { playTrack } from "../player/player";
import { keep } from "./actions";
import type { Duplicate, DuplicateGroup } from "./queries";
import styles from "./duplicates.module.css";

const NAMES: Readonly<Record<string, string>> = { mp3float: "MP3", vorbis: "Vorbis", opus: "Opus" };

function format({ codec, track }: Duplicate): string {
  if (codec === "") return (track.content_type.split("/")[1] ?? "").toUpperCase();
  return codec.startsWith("pcm_") ? "WAV" : (NAMES[codec] ?? codec.toUpperCase());
}

/** What tells one from the others: its sound, then where it is from, then how it is used. */
function Facts({ one }: { one: Duplicate }) {
  const { track, bitrate_kbps, is_lossless, path, entries } = one;
  const used = [
    track.play_count > 0 && (track.play_count === 1 ? "played once" : `played ${count(track.play_count)} times`),
    track.favorite_at !== null && "a favourite",
    track.rating !== null && (track.rating === 1 ? "1 star" : `${track.rating} stars`),
    entries > 0 && (entries === 1 ? "in 1 playlist place" : `in ${count(entries)} playlist places`),
  ].filter((each) => each !== false);
  return (
    <span className={styles.facts}>
      <span>
        {[
          format(one),
          is_lossless && "lossless",
          bitrate_kbps !== null && `${count(bitrate_kbps)} kbit/s`,
          duration(track.duration_ms),
          bytes(track.size_bytes),
        ]
          .filter((each) => each !== false)
          .join(" · ")}
      </span>
      <span>{path ?? `Uploaded as ${track.filename}`}</span>
      {used.length > 0 && <span>{capital(used.join(", "))}</span>}
    </span>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export function GroupCard({ group }: { group: DuplicateGroup }) {
  const { items, best_id, best_because, track_count } = group;
  const first = items.find(({ track }) => track.id === best_id)?.track ?? items[0]?.track;
  if (first === undefined) return null;
  const inFolders = items.some(({ path }) => path !== null);
  const left = track_count - items.length;
  return (
    <article className={styles.group} aria-label={first.title}>
      <header>
        <h2>{first.title}</h2>
        <p className="quiet">
          {byline(first)} · {count(track_count)} times
        </p>
      </header>
      <ul>
        {items.map((one) => {
          const { track } = one;
          const best = track.id === best_id;
          return (
            <li key={track.id}>
              <PlayButton track={track} onPlay={() => playTrack(track, [track])} />
              <span className={styles.words}>
                <span className={styles.name}>
                  <Link to="/tracks/$trackId" params={{ trackId: track.id }}>
                    {track.title}
                  </Link>
                  {track.album !== "" && <span className="quiet">{track.album}</span>}
                  {best && <Tag tone="signal">Suggested</Tag>}
                </span>
                <Facts one={one} />
                {best && <span className={styles.because}>{best_because}</span>}
              </span>
              <Button
                small
                look={best ? "signal" : "plain"}
                aria-label={`Keep this one: ${format(one)}, ${track.filename}`}
                onClick={() => void keep(group, one)}
              >
                Keep this one
              </Button>
            </li>
          );
        })}
      </ul>
      {left > 0 && <p className="quiet">{count(left)} more come when one of these is kept.</p>}
      {inFolders && (
        <p className="quiet">
          A file in a folder belongs to the server’s operator: it can’t be deleted here, and only
          leaves your library.
        </p>
      )}
    </article>
  );
}
