/** Why a list of tracks that was picked from the library has nothing in it. */
import type { TrackSort } from "../types";

interface Props {
  q: string;
  favorite: boolean;
  sort: TrackSort;
}

const WHY: Partial<Record<TrackSort, string>> = {
  "-rating": "You haven’t rated any track yet. Stars are on each track’s page.",
  "-play_count": "You haven’t played any track yet, at least half of it or four minutes.",
  "-last_played_at": "You haven’t played any track yet, at least half of it or four minutes.",
};

export function Nothing({ q, favorite, sort }: Props) {
  if (q !== "") {
    return (
      <p className="quiet">
        Nothing {favorite ? "among your favourites" : "in your library"} matches “{q}”. Titles, artists
        and albums are searched.
      </p>
    );
  }
  return (
    <p className="quiet">
      {(favorite ? undefined : WHY[sort]) ??
        "You have no favourites here yet. The heart beside a track, or the key f, makes it one."}
    </p>
  );
}
