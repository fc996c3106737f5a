/** One venue in one's own history. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { NamePage } from "../history/NamePage";
import { venueQuery } from "../history/queries";
import { cityWords } from "../history/words";
import type { Venue } from "../types";
import { around } from "../words";

function About({ venue }: { venue: Venue }) {
  const { location } = venue;
  return (
    <>
      {cityWords(venue)}
      {location !== null && (
        <>
          {" · "}
          <Link to="/photos" search={{ within: around(location.latitude, location.longitude) }}>
            Photos from there
          </Link>
        </>
      )}
    </>
  );
}

export default function VenuePage() {
  const { venueId } = useParams({ from: "/in/concerts/venues/$venueId" });
  const { data, error, refetch } = useQuery(venueQuery(venueId));
  const { name = "", city = "", country_code = "" } = data?.venue ?? {};
  const beginning = useMemo(() => ({ venue: { name, city, country_code } }), [name, city, country_code]);
  return (
    <NamePage
      names="venues"
      what="venue"
      known={
        data && {
          name,
          count: data.venue.concert_count,
          first_on: data.first_on,
          last_on: data.last_on,
          beginning,
          filter: { venue: venueId },
          about: <About venue={data.venue} />,
        }
      }
      error={error}
      retry={() => void refetch()}
    />
  );
}
