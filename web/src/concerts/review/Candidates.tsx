/** The evenings that photos may be of, the likeliest first: how likely each is, and why. */
import { Icon } from "@/ui/Icon";
import { Meter } from "@/ui/Meter";
import { Tag } from "@/ui/Tag";
import { concertName, othersWords, shortDays, venueWords } from "../history/words";
import type { Candidate, Review } from "./types";
import { likelyWords } from "./words";
import styles from "./candidates.module.css";

const KEYS = 9;

interface Props {
  review: Review;
  /** How many are left to decide on. */
  left: string;
  onAccept: (candidate: Candidate) => void;
}

function One({ candidate, at, onAccept }: { candidate: Candidate; at: number; onAccept: () => void }) {
  const { venue, bill, confidence, reasons, festival, concert_id } = candidate;
  const likely = `${likelyWords(confidence)}, ${Math.round(confidence * 100)} %`;
  const setlist = bill.find(({ setlist_url }) => setlist_url !== "");
  const others = othersWords(candidate);
  const days = shortDays(candidate);
  const name = concertName(candidate);
  const key = at < KEYS ? String(at + 1) : undefined;
  return (
    <li className={styles.candidate}>
      <button
        type="button"
        className={styles.accept}
        aria-keyshortcuts={key}
        onClick={onAccept}
      >
        {key === undefined ? <Icon name="check" size={16} /> : <kbd>{key}</kbd>}
        <span className="unseen">It was {name}</span>
      </button>
      <div className={styles.words}>
        <h3>
          {name} {festival && <Tag>Festival</Tag>} {concert_id !== null && <Tag tone="signal">In your history</Tag>}
        </h3>
        {others !== "" && <p>{others}</p>}
        <p className={styles.where}>{venue === null ? days : `${days} · ${venueWords(venue)}`}</p>
        <div className={styles.likely}>
          <Meter label={`How likely ${name} is`} level={confidence} text={likely} />
          <span>{likely}</span>
        </div>
        <ul className={styles.reasons}>
          {reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
        {setlist !== undefined && (
          <a href={setlist.setlist_url} target="_blank" rel="noreferrer" className={styles.source}>
            Setlist at setlist.fm
            <Icon name="out" size={14} />
          </a>
        )}
      </div>
    </li>
  );
}

export function Candidates({ review, left, onAccept }: Props) {
  const { candidates } = review;
  return (
    <section className={styles.candidates} aria-label="What it may have been">
      <header>
        <h2>Which concert was it?</h2>
        <p>
          <strong>{left}</strong> left
        </p>
      </header>
      {candidates.length === 0 && (
        <p className="quiet">Nobody knows of one there. Say which it was, or that it was none.</p>
      )}
      <ol>
        {candidates.map((candidate, at) => (
          <One key={candidate.key} candidate={candidate} at={at} onAccept={() => onAccept(candidate)} />
        ))}
      </ol>
    </section>
  );
}
