/** Tracks that are being made playable right now, each with its meter. */
import { Link } from "@tanstack/react-router";
import type { Track } from "../types";
import { Rendition } from "../library/Rendition";
import home from "./home.module.css";

export function InTheWorks({ tracks }: { tracks: readonly Track[] }) {
  const working = tracks.filter((track) => track.status === "processing");
  const failed = tracks.filter((track) => track.status === "failed");
  if (working.length + failed.length === 0) return null;
  return (
    <section aria-labelledby="works">
      <h2 id="works">In the works</h2>
      <ul className={home.works}>
        {working.map((track) => (
          <li key={track.id}>
            <span className={home.worksName}>{track.title}</span>
            <Rendition jobId={track.job_id} />
          </li>
        ))}
        {failed.map((track) => (
          <li key={track.id}>
            <Link
              className={home.worksName}
              to="/tracks/$trackId"
              params={{ trackId: track.id }}
            >
              {track.title}
            </Link>
            <span className={home.worksFailed}>{track.error ?? "This file couldn't be read."}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
