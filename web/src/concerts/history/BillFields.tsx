/** Who played, in the order of playing: names with what is known already, on top or not, and songs. */
import { useState } from "react";
import { Button, IconButton } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Menu, type MenuItem } from "@/ui/Menu";
import { artistFields, type ArtistFields } from "./fields";
import { useArtistOffers } from "./offers";
import { TypeAhead } from "./TypeAhead";
import styles from "./concert-dialog.module.css";

interface RowProps {
  row: ArtistFields;
  number: number;
  count: number;
  /** Begins with the focus: it was added just now. */
  fresh: boolean;
  onChange: (row: ArtistFields) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
  onNext: () => void;
}

const LONGEST_NAME = 200;

function ArtistRow({ row, number, count, fresh, onChange, onMove, onRemove, onNext }: RowProps) {
  const offers = useArtistOffers(row.name);
  const [open, setOpen] = useState(false);
  const name = row.name.trim() === "" ? `artist ${number}` : row.name.trim();
  const items: MenuItem[] = [
    ...(number > 1
      ? [{ key: "earlier", label: "Played earlier", icon: "restore" as const, run: () => onMove(-1) }]
      : []),
    ...(number < count
      ? [{ key: "later", label: "Played later", icon: "retry" as const, run: () => onMove(1) }]
      : []),
    { key: "remove", label: "Take off the bill", icon: "close", run: onRemove },
  ];
  return (
    <li>
      <div className={styles.artist}>
        <TypeAhead
          label={`Artist ${number}`}
          bare
          value={row.name}
          maxLength={LONGEST_NAME}
          placeholder={number === 1 ? "Whom did you see?" : "And who else?"}
          // eslint-disable-next-line jsx-a11y/no-autofocus -- it was asked for by a press just now
          autoFocus={fresh}
          offers={offers}
          onText={(text) => onChange({ ...row, name: text })}
          onTake={({ label }) => onChange({ ...row, name: label })}
          onEnter={onNext}
        />
        <IconButton
          icon={row.headliner ? "starred" : "star"}
          label={`Headliner: ${name}`}
          aria-pressed={row.headliner}
          onClick={() => onChange({ ...row, headliner: !row.headliner })}
        />
        <IconButton
          icon="text"
          label={`Setlist of ${name}`}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        />
        <Menu label={`More for ${name}`} items={items}>
          <Icon name="more" />
        </Menu>
      </div>
      {open && (
        <textarea
          className={styles.area}
          rows={5}
          aria-label={`Songs of ${name}, one in each line`}
          placeholder="One song in each line"
          value={row.songs}
          onChange={(event) => onChange({ ...row, songs: event.target.value })}
        />
      )}
    </li>
  );
}

interface Props {
  bill: readonly ArtistFields[];
  onChange: (bill: ArtistFields[]) => void;
}

export function BillFields({ bill, onChange }: Props) {
  const [fresh, setFresh] = useState<number | null>(null);
  const addAfter = (index: number) => {
    const row = artistFields();
    setFresh(row.key);
    onChange(bill.toSpliced(index + 1, 0, row));
  };
  return (
    <fieldset className={styles.bill}>
      <legend>Bill, in the order of playing</legend>
      <ol>
        {bill.map((row, index) => (
          <ArtistRow
            key={row.key}
            row={row}
            number={index + 1}
            count={bill.length}
            fresh={row.key === fresh}
            onChange={(next) => onChange(bill.with(index, next))}
            onMove={(by) => onChange(bill.toSpliced(index, 1).toSpliced(index + by, 0, row))}
            onRemove={() => onChange(bill.toSpliced(index, 1))}
            onNext={() => addAfter(index)}
          />
        ))}
      </ol>
      <Button small icon="plus" onClick={() => addAfter(bill.length - 1)}>
        Add an artist
      </Button>
    </fieldset>
  );
}
