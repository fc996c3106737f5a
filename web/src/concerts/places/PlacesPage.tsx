/** Where photos were taken, where most were first. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Empty } from "@/ui/Empty";
import { Icon } from "@/ui/Icon";
import { Failed } from "@/ui/Notice";
import rows from "@/ui/rows.module.css";
import { Skeleton } from "@/ui/Skeleton";
import { placesQuery } from "../queries";
import type { Place } from "../types";
import { around, dayWords, placeWords, plural } from "../words";

function span({ first_day, last_day }: Place): string {
  if (first_day === null || last_day === null) return "Nobody knows when";
  if (first_day === last_day) return dayWords(first_day);
  return `${dayWords(first_day)} to ${dayWords(last_day)}`;
}

export default function PlacesPage() {
  const { data, error, refetch } = useQuery(placesQuery);
  if (error !== null) {
    return <Failed what="Places can't be shown" error={error} retry={() => void refetch()} />;
  }
  if (!data) return <Skeleton what="places" />;
  if (data.places.length === 0) {
    return (
      <Empty icon="place" title="No places yet">
        <p>
          Photos that say where they were taken are gathered here by place. Phones often remove that
          from a photo when it is uploaded; a folder on the server keeps it.
        </p>
      </Empty>
    );
  }
  return (
    <ul className={rows.rows}>
      {data.places.map((place) => {
        const { latitude, longitude, count } = place;
        return (
          <li key={`${latitude},${longitude}`} className={rows.row}>
            <span className={rows.rowSign}>
              <Icon name="place" />
            </span>
            <span className={rows.rowWords}>
              <span className={rows.rowName}>
                <Link to="/photos" search={{ within: around(latitude, longitude) }}>
                  {placeWords(latitude, longitude)}
                </Link>
              </span>
              <span className={rows.rowMore}>
                <span>{span(place)}</span>
              </span>
            </span>
            <span>{plural(count, "photo")}</span>
          </li>
        );
      })}
    </ul>
  );
}
