/** One device that is signed in. */
import type { OpenSession } from "../types";
import { Button } from "@/ui/Button";
import { deviceOf } from "@/ui/device";
import { onDay } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Tag } from "@/ui/Tag";
import { When } from "@/ui/When";
import { endSession } from "./sessions";
import { classes } from "@/ui/classes";
import rows from "@/ui/rows.module.css";

const SIGNS = { computer: "computer", phone: "phone", program: "terminal" } as const;

export function SessionRow({ session }: { session: OpenSession }) {
  const device = deviceOf(session.user_agent);
  return (
    <li className={rows.row}>
      <span className={session.current ? classes(rows.rowSign, rows.rowSignLit) : rows.rowSign}>
        <Icon name={SIGNS[device.kind]} />
      </span>
      <span className={rows.rowWords}>
        <span className={rows.rowName}>
          <strong title={session.user_agent}>{device.name}</strong>
          {session.current && <Tag tone="signal">This one</Tag>}
        </span>
        <span className={rows.rowMore}>
          <span>
            {session.current ? (
              "In use now"
            ) : (
              <>
                Last seen <When time={session.last_seen_at} />
              </>
            )}
          </span>
          <span>{session.address === "" ? "Address unknown" : `From ${session.address}`}</span>
          <span>Signed in on {onDay(session.created_at)}</span>
        </span>
      </span>
      {!session.current && (
        <Button
          small
          aria-label={`Sign out ${device.name}, last seen from ${session.address}`}
          onClick={() => void endSession(session)}
        >
          Sign out
        </Button>
      )}
    </li>
  );
}
