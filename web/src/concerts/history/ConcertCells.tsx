/** The cells of one concert in the list. */
import { Link } from "@tanstack/react-router";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { Tag } from "@/ui/Tag";
import type { ConcertItem } from "../types";
import { plural } from "../words";
import { deleteConcert, isDraft } from "./actions";
import { CoverTile } from "./CoverTile";
import { cityWords, concertName, dayOfYear, othersWords, shortDays } from "./words";
import styles from "./concert-table.module.css";

interface Props {
  concert: ConcertItem;
  /** Set on the first of each year, where years follow each other. */
  year: { year: number; count: number | undefined } | undefined;
  onOpen: (concert: ConcertItem) => void;
  onEdit: (concert: ConcertItem) => void;
}

function Name({ concert }: { concert: ConcertItem }) {
  const name = concertName(concert);
  return isDraft(concert) ? (
    <span>{name}</span>
  ) : (
    <Link to="/concerts/$concertId" params={{ concertId: concert.id }} tabIndex={-1}>
      {name}
    </Link>
  );
}

function Where({ concert: { venue } }: { concert: ConcertItem }) {
  if (venue === null) return <span className="quiet">Nobody knows where</span>;
  return (
    <>
      {venue.id === "" ? (
        <span>{venue.name}</span>
      ) : (
        <Link to="/concerts/venues/$venueId" params={{ venueId: venue.id }} tabIndex={-1}>
          {venue.name}
        </Link>
      )}
      <small>{cityWords(venue)}</small>
    </>
  );
}

export function ConcertCells({ concert, year, onOpen, onEdit }: Props) {
  const { venue, photo_count, festival } = concert;
  const others = othersWords(concert);
  return (
    <>
      <td className={styles.concertsYear}>
        {year && (
          <>
            <strong>{year.year}</strong>
            {year.count !== undefined && <small>{plural(year.count, "concert")}</small>}
          </>
        )}
      </td>
      <td className={styles.concertsDay}>
        <time dateTime={concert.held_on}>{dayOfYear(concert)}</time>
      </td>
      <td className={styles.concertsCover}>
        <CoverTile cover={concert.cover} />
      </td>
      <td className={styles.concertsName}>
        <span className={styles.concertName}>
          <Name concert={concert} />
          {festival && <Tag>Festival</Tag>}
        </span>
        {others !== "" && <small className={styles.concertOthers}>{others}</small>}
        <small className={styles.concertBelow}>
          {[shortDays(concert), venue?.name].filter(Boolean).join(" · ")}
        </small>
      </td>
      <td className={styles.concertsVenue}>
        <Where concert={concert} />
      </td>
      <td className={styles.concertsPhotos}>
        {photo_count > 0 && (
          <span title={plural(photo_count, "photo")}>
            <Icon name="photo" size={16} />
            {photo_count.toLocaleString("en")}
            <span className="unseen"> photos</span>
          </span>
        )}
      </td>
      <td className={styles.concertsActions}>
        {!isDraft(concert) && (
          <Menu
            label={`Actions for ${concertName(concert)}`}
            items={[
              { key: "open", label: "Open", icon: "ticket", run: () => onOpen(concert) },
              { key: "edit", label: "Edit", icon: "edit", run: () => onEdit(concert) },
              {
                key: "delete",
                label: "Delete",
                icon: "trash",
                trouble: true,
                run: () => void deleteConcert(concert),
              },
            ]}
          >
            <Icon name="more" />
          </Menu>
        )}
      </td>
    </>
  );
}
