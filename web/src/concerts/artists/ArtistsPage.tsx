/** The artists whom one saw, those seen most often first. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { NameList } from "../history/NameList";

export default function ArtistsPage() {
  const filter = useSearch({ from: "/in/concerts/artists" });
  const navigate = useNavigate();
  return (
    <NameList
      names="artists"
      icon="user"
      filter={filter}
      onChange={(search) => void navigate({ to: "/concerts/artists", search, replace: true })}
      link={({ id, name }) => (
        <Link to="/concerts/artists/$artistId" params={{ artistId: id }} tabIndex={-1}>
          {name}
        </Link>
      )}
      about="Everybody whom you saw on a stage: how often, when first, and when last."
    />
  );
}
