/** One account in the administrator's list. */
import { useNavigate } from "@tanstack/react-router";
import type { User } from "@/api/types";
import { bytes, onDay } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { Meter } from "@/ui/Meter";
import { Tag } from "@/ui/Tag";
import { tryChangeUser } from "./users";
import admin from "./admin.module.css";

interface Props {
  user: User;
  isMe: boolean;
  onQuota: () => void;
  onDelete: () => void;
}

const NEARLY_FULL = 0.9;

export function UserRow({ user, isMe, onQuota, onDelete }: Props) {
  const navigate = useNavigate();
  const { used_bytes, quota_bytes } = user.storage;
  const disabled = user.disabled;
  const storage = `${bytes(used_bytes)} of ${bytes(quota_bytes)}`;
  const others = isMe
    ? []
    : [
        {
          key: "role",
          label: user.role === "admin" ? "Make an ordinary user" : "Make an administrator",
          run: () => void tryChangeUser(user, { role: user.role === "admin" ? "user" : "admin" }),
        },
        {
          key: "disable",
          label: disabled ? "Let in again" : "Lock out",
          run: () => void tryChangeUser(user, { disabled: !disabled }),
        },
        { key: "delete", label: "Delete", trouble: true, run: onDelete },
      ];
  return (
    <li className={admin.adminRow}>
      <span className={admin.adminWho}>
        <strong>{user.name}</strong>
        <span className="quiet">{user.email}</span>
      </span>
      <span className={admin.adminState}>
        <Tag tone={user.role === "admin" ? "signal" : "plain"}>
          {user.role === "admin" ? "Administrator" : "User"}
        </Tag>
        {disabled && <Tag tone="trouble">Locked out</Tag>}
        {isMe && <Tag>You</Tag>}
        <span className="quiet">since {onDay(user.created_at)}</span>
      </span>
      <span className={admin.adminFigures}>
        <Meter
          label={`Storage of ${user.name}`}
          level={quota_bytes > 0 ? used_bytes / quota_bytes : 1}
          text={storage}
          clipsAt={NEARLY_FULL}
        />
        {storage}
      </span>
      <span className={admin.adminActions}>
        <Menu
          label={`Actions for ${user.name}`}
          items={[
            { key: "quota", label: "Change the quota", run: onQuota },
            {
              key: "audit",
              label: "Show what happened",
              run: () => void navigate({ to: "/admin/audit", search: { user: user.id } }),
            },
            ...others,
          ]}
        >
          <Icon name="more" />
        </Menu>
      </span>
    </li>
  );
}
