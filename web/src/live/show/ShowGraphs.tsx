/** The charts of a show, those of what came in first, then each destination's. */
import { Chart } from "@/ui/Chart";
import { count } from "@/ui/format";
import page from "@/ui/page.module.css";
import type { DestinationGraph, ShowGraph } from "../types";
import { lengthOf } from "../words";
import { cameIn, factsOf, frames, hasGaps, lag, lostFrames, sent, troublesOf } from "./graphs";
import styles from "./show.module.css";

const HEIGHT_PX = 200;
const SMALL_PX = 160;
const LONG_S = 60;
const DAY_S = 86_400;
const TROUBLES_TOLD = 4;

function Nothing({ graph }: { graph: ShowGraph }) {
  const length_s = lengthOf(graph.show);
  return (
    <section className={page.panel} aria-label="Graphs">
      <h2>{length_s === null ? "Not long enough yet" : "No graphs"}</h2>
      <p>
        {length_s === null &&
          "What comes in and how each destination does is drawn here as the show goes on. The first point comes after 30 s."}
        {length_s !== null &&
          length_s <= LONG_S &&
          "This show was too short: the first point comes after 30 s."}
        {length_s !== null &&
          length_s > LONG_S &&
          "Nothing was measured of this show. It may have been before there were graphs, or the database was away."}
      </p>
    </section>
  );
}

function Facts({ graph }: { graph: ShowGraph }) {
  const facts = factsOf(graph);
  if (facts.length === 0) return null;
  return (
    <dl className={styles.facts}>
      {facts.map(([name, words]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}

function DestinationPart({ graph, one }: { graph: ShowGraph; one: DestinationGraph }) {
  const troubles = troublesOf(graph, one);
  const lost = lostFrames(one);
  const more = troubles.length - TROUBLES_TOLD;
  const told = [
    ...troubles.slice(0, TROUBLES_TOLD),
    ...(more > 0 ? [`and ${count(more)} more times`] : []),
    lost === 0 ? "No frames lost" : `${count(lost)} ${lost === 1 ? "frame" : "frames"} lost`,
  ];
  return (
    <section className={page.panel} aria-label={one.name}>
      <h2>{one.name}</h2>
      <ul className={styles.told}>
        {told.map((words) => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      <div className={styles.pair}>
        <Chart title="Sent" data={sent(graph, one)} height_px={SMALL_PX} level={3} />
        <Chart title="Lag" data={lag(graph, one)} height_px={SMALL_PX} level={3} />
      </div>
    </section>
  );
}

export function ShowGraphs({ graph }: { graph: ShowGraph }) {
  if (graph.begins_at === null) return <Nothing graph={graph} />;
  const { show, destinations } = graph;
  const ended_ms = show.ended_at === null ? Date.parse(graph.begins_at) : Date.parse(show.ended_at);
  const long = ended_ms - Date.parse(show.started_at) > DAY_S * 1000;
  return (
    <>
      <section className={page.panel} aria-label="What came in">
        <div className={styles.pair}>
          <Chart title="What came in" data={cameIn(graph)} height_px={HEIGHT_PX} />
          <Chart title="Frames" data={frames(graph)} height_px={HEIGHT_PX} />
        </div>
        <Facts graph={graph} />
      </section>
      {destinations.map((one) => (
        <DestinationPart key={one.id} graph={graph} one={one} />
      ))}
      {destinations.length === 0 && <p className="quiet">No destination was on.</p>}
      {hasGaps(graph) && (
        <p className="quiet">
          Where all lines break off, nothing was measured: no server had the show, or the database
          was away.
        </p>
      )}
      {long && <p className="quiet">Of a show longer than a day, the last day is kept.</p>}
    </>
  );
}
