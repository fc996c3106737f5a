/** The player as a page: what a phone opens from its small bar, with everything the bar leaves out. */
import { useQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useStore } from "@/api/store";
import { byline } from "../byline";
import { IconButton } from "@/ui/Button";
import { Cover } from "../Cover";
import { duration } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Menu, type MenuItem } from "@/ui/Menu";
import { Page } from "@/ui/Page";
import { LevellingMenu, PlayerFault, QualityMenu, Seeker, Transport, Volume } from "./controls";
import { PlayingHeart } from "../listening/Heart";
import { LevelMeter } from "./LevelMeter";
import { Words } from "../lyrics/Words";
import { lyricsQuery } from "../queries";
import type { Track } from "../types";
import { changeQueue } from "./ahead";
import { playQueue } from "./player";
import { shifted, without, type Queue } from "./queue";
import { player } from "./state";
import { classes } from "@/ui/classes";
import playerBar from "./player-bar.module.css";
import styles from "./playing-page.module.css";

const SHOWN_AHEAD = 50;

function actionsOf(queue: Queue, at: number): MenuItem[] {
  return [
    { key: "up", label: "Earlier", icon: "back", run: () => changeQueue(shifted(queue, at, -1)) },
    { key: "down", label: "Later", icon: "down", run: () => changeQueue(shifted(queue, at, 1)) },
    { key: "remove", label: "Take out", icon: "close", run: () => changeQueue(without(queue, at)) },
  ];
}

function UpNext() {
  const { queue } = useStore(player);
  const ahead = queue.tracks.slice(queue.index + 1, queue.index + 1 + SHOWN_AHEAD);
  if (ahead.length === 0) return null;
  return (
    <section className={styles.upNext} aria-labelledby="up-next">
      <h2 id="up-next">Up next</h2>
      <ol>
        {ahead.map((track, offset) => (
          <li key={`${track.id}-${offset}`}>
            <button
              type="button"
              onClick={() => playQueue({ ...queue, index: queue.index + 1 + offset })}
            >
              <Cover track={track} size="row" />
              <span className={playerBar.playerNames}>
                <strong>{track.title}</strong>
                <span>{byline(track)}</span>
              </span>
              <span className="quiet">{duration(track.duration_ms)}</span>
            </button>
            <Menu
              label={`Actions for ${track.title}, ${offset + 1} in the queue`}
              items={actionsOf(queue, queue.index + 1 + offset)}
            >
              <Icon name="more" />
            </Menu>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The words of what is playing, where there are any. */
function PlayingWords({ track }: { track: Track }) {
  const { data: lyrics } = useQuery({
    ...lyricsQuery(track.id),
    enabled: track.via === undefined,
  });
  if (!lyrics || lyrics.lines.length === 0) return null;
  return (
    <section className={styles.playingLyrics} aria-labelledby="playing-lyrics">
      <h2 id="playing-lyrics">Lyrics</h2>
      <Words track={track} lyrics={lyrics} />
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
    <div className={styles.playingClose}>
      <IconButton icon="down" label="Close" onClick={close} />
    </div>
  );
}

/** Its name, which leads to where it is heard. */
function Title({ track: { id, title, via } }: { track: Track }) {
  if (via && "token" in via) return title;
  if (via) {
    return (
      <Link to="/playlists/$playlistId" params={{ playlistId: via.playlistId }}>
        {title}
      </Link>
    );
  }
  return (
    <Link to="/tracks/$trackId" params={{ trackId: id }}>
      {title}
    </Link>
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
      <div className={styles.playing}>
        <Close />
        <Cover track={track} size="page" />
        <div className={styles.playingWords}>
          <h2>
            <Title track={track} />
          </h2>
          <p className={styles.playingWho}>{byline(track)}</p>
          {track.album !== "" && <p className="quiet">{track.album}</p>}
          <PlayerFault />
        </div>
        <div className={styles.playingSound}>
          <Seeker tall />
          <div className={styles.playingHands}>
            <Transport />
          </div>
          <div className={styles.playingLevel}>
            <LevelMeter large />
            <LevellingMenu />
          </div>
          <div className={classes(styles.playingHands, styles.playingSettings)}>
            <PlayingHeart track={track} />
            <Volume />
            <QualityMenu />
          </div>
        </div>
        <PlayingWords track={track} />
        <UpNext />
      </div>
    </Page>
  );
}
