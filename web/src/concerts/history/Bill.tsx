/** Who played, in the order of playing, and what. */
import { Link } from "@tanstack/react-router";
import { Button } from "@/ui/Button";
import { Tag } from "@/ui/Tag";
import type { Concert, Played } from "../types";
import { plural } from "../words";
import styles from "./bill.module.css";

function Artist({ artist, only }: { artist: Played; only: boolean }) {
  const { artist_id, name, headliner, songs, tour, setlist_url } = artist;
  return (
    <li className={styles.artist}>
      <h3>
        {artist_id === "" ? (
          name
        ) : (
          <Link to="/concerts/artists/$artistId" params={{ artistId: artist_id }}>
            {name}
          </Link>
        )}
        {headliner && !only && <Tag>Headliner</Tag>}
      </h3>
      {(songs.length > 0 || tour !== "" || setlist_url !== "") && (
        <p className={styles.about}>
          {songs.length > 0 && <span>{plural(songs.length, "song")}</span>}
          {tour !== "" && <span>{tour}</span>}
          {setlist_url !== "" && (
            <a href={setlist_url} target="_blank" rel="noreferrer">
              Setlist on setlist.fm
            </a>
          )}
        </p>
      )}
      {songs.length > 0 && (
        <ol className={styles.songs}>
          {songs.map((song, at) => (
            // A song may be played twice.
            <li key={`${at}-${song}`}>{song}</li>
          ))}
        </ol>
      )}
    </li>
  );
}

export function Bill({ concert, onEdit }: { concert: Concert; onEdit: () => void }) {
  const { bill } = concert;
  return (
    <section>
      <h2>{bill.length === 1 ? "Setlist" : "Bill"}</h2>
      {bill.length === 0 ? (
        <div className={styles.none}>
          <p className="quiet">Nobody is on the bill yet.</p>
          <Button small icon="plus" onClick={onEdit}>
            Say who played
          </Button>
        </div>
      ) : (
        <ol className={styles.bill}>
          {bill.map((artist) => (
            <Artist key={artist.name} artist={artist} only={bill.length === 1} />
          ))}
        </ol>
      )}
      {bill.length > 0 && bill.every(({ songs }) => songs.length === 0) && (
        <div className={styles.none}>
          <p className="quiet">No songs are written down.</p>
          <Button small icon="text" onClick={onEdit}>
            Write the setlist
          </Button>
        </div>
      )}
    </section>
  );
}
