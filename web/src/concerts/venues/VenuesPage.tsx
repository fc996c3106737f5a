/** The venues where one was, those where one was most often first. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { NameList } from "../history/NameList";
import { cityWords } from "../history/words";

export default function VenuesPage() {
  const filter = useSearch({ from: "/in/concerts/venues" });
  const navigate = useNavigate();
  return (
    <NameList
      names="venues"
      icon="place"
      filter={filter}
      onChange={(search) => void navigate({ to: "/concerts/venues", search, replace: true })}
      second={{ name: "City", of: cityWords }}
      link={({ id, name }) => (
        <Link to="/concerts/venues/$venueId" params={{ venueId: id }} tabIndex={-1}>
          {name}
        </Link>
      )}
      about="Every room, hall and field where you saw a show: how often, when first, and when last."
    />
  );
}
