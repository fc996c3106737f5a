/** What one may be told about, and how: a row for each kind. */
import field from "@/ui/field.module.css";
import { choose } from "../actions";
import type { Settings } from "../types";
import styles from "./kind-table.module.css";

const WAYS = [
  { way: "page", name: "Here" },
  { way: "mail", name: "By mail" },
] as const;

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

export function KindTable({ settings }: { settings: Settings }) {
  const { kinds, letters } = settings;
  return (
    <table className={styles.kinds}>
      <caption className="unseen">How you are told</caption>
      <thead>
        <tr>
          <td />
          {WAYS.map(({ way, name }) => (
            <th key={way} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {kinds.map((one) => (
          <tr key={one.kind}>
            <th scope="row">{capital(one.words)}</th>
            {WAYS.map(({ way, name }) => (
              <td key={way}>
                <label>
                  <input
                    type="checkbox"
                    className={field.tickAlone}
                    aria-label={`${capital(one.words)}: ${name.toLowerCase()}`}
                    checked={one[way]}
                    disabled={way === "mail" && letters === "no-server"}
                    onChange={() => void choose({ kinds: { [one.kind]: { [way]: !one[way] } } })}
                  />
                </label>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
