/** What a token may do: a row for each domain, reading and writing apart. */
import { useHouse } from "@/shell/house";
import field from "@/ui/field.module.css";
import styles from "./scopes.module.css";

interface Props {
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
  isAdmin: boolean;
}

export function ScopeTable({ chosen, onChange, isAdmin }: Props) {
  const { scopes } = useHouse();
  const toggle = (scope: string) => {
    const next = new Set(chosen);
    if (!next.delete(scope)) next.add(scope);
    onChange(next);
  };
  return (
    <table className={styles.scopes}>
      <caption>What it may do</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">Read</th>
          <th scope="col">Write</th>
        </tr>
      </thead>
      <tbody>
        {scopes.filter(({ adminOnly }) => isAdmin || adminOnly !== true).map((domain) => (
          <tr key={domain.name}>
            <th scope="row">
              {domain.label}
              <small>
                {domain.reads}. {domain.writes}.
              </small>
            </th>
            {(["read", "write"] as const).map((way) => {
              const scope = `${domain.name}:${way}`;
              return (
                <td key={way}>
                  <label>
                    <input
                      type="checkbox"
                      className={field.tickAlone}
                      aria-label={`${domain.label}: ${way}`}
                      checked={chosen.has(scope)}
                      onChange={() => toggle(scope)}
                    />
                  </label>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
