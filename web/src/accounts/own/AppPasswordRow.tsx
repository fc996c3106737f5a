/** One app password: which app has it, and when it was of use. */
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { When } from "@/ui/When";
import { classes } from "@/ui/classes";
import { onDay } from "@/ui/format";
import rows from "@/ui/rows.module.css";
import type { AppPassword } from "../types";
import tokens from "./tokens.module.css";

export function AppPasswordRow({
  password,
  onRevoke,
}: {
  password: AppPassword;
  onRevoke: () => void;
}) {
  return (
    <li className={rows.row}>
      <span className={classes(rows.rowSign, rows.rowSignLit)}>
        <Icon name="key" />
      </span>
      <span className={rows.rowWords}>
        <span className={rows.rowName}>
          <strong>{password.name}</strong>
          <span className={tokens.hint}>{password.hint}</span>
        </span>
        <span className={rows.rowMore}>
          <span>
            {password.last_used_at === null ? (
              "Never used"
            ) : (
              <>
                Used <When time={password.last_used_at} />
              </>
            )}
          </span>
          <span>Made on {onDay(password.created_at)}</span>
        </span>
      </span>
      <Button small aria-label={`Revoke the app password ${password.name}`} onClick={onRevoke}>
        Revoke
      </Button>
    </li>
  );
}
