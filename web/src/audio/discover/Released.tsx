/** Albums that came out on this day; there is no page of an album, so they are told, and played. */
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";
import { Button } from "@/ui/Button";
import { sentenceOf } from "@/api/problem";
import { toast } from "@/ui/toasts";
import { playTrack } from "../player/player";
import type { Track } from "../types";
import { allInWords } from "./words";
import styles from "./discover.module.css";

type ReleasedAlbum = Schemas["ReleasedAlbum"];

async function play(id: string): Promise<void> {
  try {
    const { items } = await http.get<Page<Track>>(`/albums/${id}/tracks`, { query: { limit: 100 } });
    const first = items.find(({ status }) => status === "ready");
    if (first) playTrack(first, items);
  } catch (error) {
    toast({ tone: "trouble", text: `The album can’t be played. ${sentenceOf(error)}` });
  }
}

export function Released({ items }: { items: readonly ReleasedAlbum[] }) {
  if (items.length === 0) return null;
  return (
    <section className={styles.shelf} aria-labelledby="released">
      <h2 id="released">Came out on this day</h2>
      <ul className={styles.list}>
        {items.map(({ album, reasons }) => (
          <li key={album.id} className={styles.released}>
            {album.cover === null ? (
              <span className={styles.picture} />
            ) : (
              <img className={styles.picture} src={album.cover.small} alt="" loading="lazy" />
            )}
            <div className={styles.words}>
              <strong>{album.title}</strong>
              <span className="quiet">{album.artist || "Unknown artist"}</span>
              <span className={styles.why}>{allInWords(reasons)}</span>
            </div>
            <Button small icon="play" onClick={() => void play(album.id)}>
              Play
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
