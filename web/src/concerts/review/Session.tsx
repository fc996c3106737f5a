/** Photos that were taken at one go: when, where, and a few of them. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Ref } from "react";
import { Icon } from "@/ui/Icon";
import { cityWords } from "../history/words";
import { around, dayWords, placeWords, plural } from "../words";
import { cityQuery } from "./queries";
import type { Review } from "./types";
import { hoursWords, spanWords, zoneWords } from "./words";
import styles from "./session.module.css";

interface Props {
  review: Review;
  /** Takes the focus when the next one is there. */
  heading: Ref<HTMLHeadingElement>;
}

export function Session({ review, heading }: Props) {
  const { photos, photo_count, location, zone, days, began_at } = review;
  const { data: city } = useQuery(cityQuery(location));
  const more = photo_count - photos.length;
  const others = days.filter((day) => day !== began_at.slice(0, 10));
  return (
    <section className={styles.session} aria-label="The photos">
      <header>
        <h2 ref={heading} tabIndex={-1}>
          {spanWords(review)}
        </h2>
        <ul className={styles.facts}>
          <li>
            <Icon name="clock" size={16} />
            {hoursWords(review)}, {zoneWords(zone)}
          </li>
          <li>
            <Icon name="place" size={16} />
            {location === null ? (
              "Nobody knows where"
            ) : (
              <Link to="/photos" search={{ within: around(location.latitude, location.longitude) }}>
                {city ? `Near ${cityWords({ city: city.name, country_code: city.country_code })}` : placeWords(location.latitude, location.longitude)}
              </Link>
            )}
          </li>
          <li>
            <Icon name="photo" size={16} />
            {plural(photo_count, "photo")}
          </li>
        </ul>
        {others.length > 0 && (
          <p className="quiet">Or of the night of {others.map(dayWords).join(" or ")}.</p>
        )}
      </header>
      <ul className={styles.strip}>
        {photos.map(({ photo_id, thumbnail, placeholder }, at) => (
          <li key={photo_id}>
            <Link
              to="/photos/$photoId"
              params={{ photoId: photo_id }}
              aria-label={`Photo ${at + 1} of ${photo_count}`}
              style={placeholder === null ? undefined : { backgroundImage: `url("${placeholder}")` }}
            >
              {thumbnail === null ? (
                <Icon name="photo" size={28} />
              ) : (
                <img src={thumbnail} alt="" width={320} height={320} draggable={false} />
              )}
            </Link>
          </li>
        ))}
      </ul>
      {more > 0 && (
        <p>
          <Link to="/photos" search={{ day: began_at.slice(0, 10) }}>
            {`And ${plural(more, "more photo")}`}
          </Link>
        </p>
      )}
    </section>
  );
}
