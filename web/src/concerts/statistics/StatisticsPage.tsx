/** A history in figures: how many concerts by year, artist, venue, city, country and weekday. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Chart } from "@/ui/Chart";
import { Empty } from "@/ui/Empty";
import { count } from "@/ui/format";
import { Failed } from "@/ui/Notice";
import page from "@/ui/page.module.css";
import { Skeleton } from "@/ui/Skeleton";
import { AddConcert } from "../history/AddConcert";
import { statisticsQuery } from "../history/queries";
import {
  byArtist,
  byCity,
  byCountry,
  byVenue,
  byWeekday,
  byYear,
  heightOf,
  type Statistics,
} from "./figures";
import styles from "./statistics.module.css";

function Sums({ sums }: { sums: readonly (readonly [string, number])[] }) {
  return (
    <dl className={styles.sums}>
      {sums.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{count(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

interface RankingProps {
  title: string;
  data: ReturnType<typeof byArtist>;
  /** Where all of them are, if there is such a page. */
  children?: ReactNode;
}

function Ranking({ title, data, children }: RankingProps) {
  if (data.across.places.length === 0) return null;
  return (
    <div className={page.panel}>
      <Chart title={title} data={data} height_px={heightOf(data)} />
      {children}
    </div>
  );
}

function Figures({ figures }: { figures: Statistics }) {
  return (
    <div className={styles.page}>
      <Sums
        sums={[
          ["Concerts", figures.concert_count],
          ["Artists", figures.artist_count],
          ["Venues", figures.venue_count],
          ["Cities", figures.city_count],
          ["Countries", figures.countries.length],
        ]}
      />
      <div className={page.panel}>
        <Chart title="By year" data={byYear(figures)} />
      </div>
      <div className={styles.pairs}>
        <Ranking title="Artists seen most often" data={byArtist(figures)}>
          <p>
            <Link to="/concerts/artists">All artists</Link>
          </p>
        </Ranking>
        <Ranking title="Venues visited most often" data={byVenue(figures)}>
          <p>
            <Link to="/concerts/venues">All venues</Link>
          </p>
        </Ranking>
        <Ranking title="By city" data={byCity(figures)}>
          <p>
            <Link to="/concerts/map">On the map</Link>
          </p>
        </Ranking>
        <Ranking title="By country" data={byCountry(figures)} />
        <div className={page.panel}>
          <Chart title="By weekday" data={byWeekday(figures)} />
        </div>
      </div>
    </div>
  );
}

export default function StatisticsPage() {
  const { data, error, refetch } = useQuery(statisticsQuery);
  if (error && !data) {
    return <Failed what="The figures can’t be shown" error={error} retry={() => void refetch()} />;
  }
  if (!data) return <Skeleton what="the figures" shape="block" rows={2} />;
  if (data.concert_count === 0) {
    return (
      <div className={styles.hue}>
        <Empty icon="ticket" title="Nothing to count yet" action={<AddConcert>Add the first one</AddConcert>}>
          <p>
            How many concerts you saw in which year, whom and where most often, and whether you are
            one for Saturdays: it shows here by itself.
          </p>
        </Empty>
      </div>
    );
  }
  return <Figures figures={data} />;
}
