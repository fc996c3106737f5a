/** One API token: what it is for, what it may do, when it was of use. */
import type { ApiToken } from "../types";
import { Button } from "@/ui/Button";
import { onDay } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { useNow } from "@/ui/now";
import { Tag } from "@/ui/Tag";
import { When } from "@/ui/When";
import { useHouse } from "@/shell/house";
import { scopeWords } from "@/shell/scopes";
import { classes } from "@/ui/classes";
import rows from "@/ui/rows.module.css";
import tokens from "./tokens.module.css";

export function TokenRow({ token, onDelete }: { token: ApiToken; onDelete: () => void }) {
  const { scopes } = useHouse();
  const now_ms = useNow();
  const expired = token.expires_at !== null && Date.parse(token.expires_at) <= now_ms;
  return (
    <li className={rows.row}>
      <span className={expired ? rows.rowSign : classes(rows.rowSign, rows.rowSignLit)}>
        <Icon name="key" />
      </span>
      <span className={rows.rowWords}>
        <span className={rows.rowName}>
          <strong>{token.name}</strong>
          <span className={tokens.hint}>{token.hint}</span>
          {expired && <Tag tone="trouble">Expired</Tag>}
        </span>
        <span>{scopeWords(token.scopes, scopes)}</span>
        <span className={rows.rowMore}>
          <span>
            {token.last_used_at === null ? (
              "Never used"
            ) : (
              <>
                Used <When time={token.last_used_at} />
              </>
            )}
          </span>
          <span>
            {token.expires_at === null
              ? "Lasts until it is deleted"
              : `${expired ? "Ended" : "Ends"} on ${onDay(token.expires_at)}`}
          </span>
          <span>Made on {onDay(token.created_at)}</span>
        </span>
      </span>
      <Button small aria-label={`Delete the token ${token.name}`} onClick={onDelete}>
        Delete
      </Button>
    </li>
  );
}
