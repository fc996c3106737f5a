/** The player as a page: what a phone opens from its small bar, with everything the bar leaves out. */
import { Link, useRouter } from "@tanstack/react-router";
import { useStore } from "@/api/store";
import { byline } from "@/ui/byline";
import { IconButton } from "@/ui/Button";
import { Cover } from "@/ui/Cover";
import { duration } from "@/ui/format";
import { Page } from "@/ui/Page";
import { PlayerFault, QualityMenu, Seeker, Transport, Volume } from "./controls";
import { LevelMeter } from "./LevelMeter";
import { playQueue } from "./player";
import { player } from "./state";
import "./playing-page.css";

const SHOWN_AHEAD = 12;

function UpNext() {
  const { queue } = useStore(player);
  const ahead = queue.tracks.slice(queue.index + 1, queue.index + 1 + SHOWN_AHEAD);
  if (ahead.length === 0) return null;
  return (
    <section className="up-next" aria-labelledby="up-next">
      <h2 id="up-next">Up next</h2>
      <ol>
        {ahead.map((track, offset) => (
          <li key={`${track.id}-${offset}`}>
            <button
              type="button"
              onClick={() => playQueue({ ...queue, index: queue.index + 1 + offset })}
            >
              <Cover track={track} size="row" />
              <span className="player-names">
                <strong>{track.title}</strong>
                <span>{byline(track)}</span>
              </span>
              <span className="quiet">{duration(track.duration_ms)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Back to where one came from, as the small player of a phone opened it. */
function Close() {
  const router = useRouter();
  const close = () => {
    if (router.history.canGoBack()) router.history.back();
    else void router.navigate({ to: "/" });
  };
  return (
    <div className="playing-close">
      <IconButton icon="down" label="Close" onClick={close} />
    </div>
  );
}

export default function PlayingPage() {
  const { track } = useStore(player);
  if (!track) {
    return (
      <Page title="Nothing is playing">
        <p>
          Choose a track in your <Link to="/library">library</Link>.
        </p>
      </Page>
    );
  }
  return (
    <Page title="Now playing" headless>
      <div className="playing">
        <Close />
        <Cover track={track} size="page" />
        <div className="playing-words">
          <h2>
            <Link to="/tracks/$trackId" params={{ trackId: track.id }}>
              {track.title}
            </Link>
          </h2>
          <p className="playing-who">{byline(track)}</p>
          {track.album !== "" && <p className="quiet">{track.album}</p>}
          <PlayerFault />
        </div>
        <div className="playing-sound">
          <Seeker tall />
          <div className="playing-hands">
            <Transport />
          </div>
          <LevelMeter large />
          <div className="playing-hands playing-settings">
            <Volume />
            <QualityMenu />
          </div>
        </div>
        <UpNext />
      </div>
    </Page>
  );
}
