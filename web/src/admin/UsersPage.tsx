/** All accounts of this installation: role, storage, and what an administrator may do with them. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { meQuery } from "@/api/queries";
import { usersQuery } from "./queries";
import type { User } from "@/api/types";
import { Button } from "@/ui/Button";
import { Failed } from "@/ui/Notice";
import { SearchBar } from "@/ui/SearchBar";
import { Skeleton } from "@/ui/Skeleton";
import { DeleteUser } from "./DeleteUser";
import { QuotaDialog } from "./QuotaDialog";
import { UserRow } from "./UserRow";
import admin from "./admin.module.css";

type Open = { dialog: "quota" | "delete"; user: User } | null;

export default function UsersPage() {
  const [text, setText] = useState("");
  const [open, setOpen] = useState<Open>(null);
  const q = useDeferredValue(text.trim());
  const { data: me } = useQuery(meQuery);
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(usersQuery(q));
  const users = data?.pages.flatMap((page) => page.items);
  return (
    <>
      <SearchBar
        label="Search users"
        placeholder="Name or e-mail"
        value={text}
        onChange={setText}
      />
      {error && (
        <Failed what="The users can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!users && !error && <Skeleton what="the users" />}
      {users?.length === 0 && <p className="quiet">Nobody here matches “{q}”.</p>}
      <ul className={admin.adminList}>
        {users?.map((user) => (
          <UserRow
            key={user.id}
            user={user}
            isMe={user.id === me?.id}
            onQuota={() => setOpen({ dialog: "quota", user })}
            onDelete={() => setOpen({ dialog: "delete", user })}
          />
        ))}
      </ul>
      {hasNextPage && <Button onClick={() => void fetchNextPage()}>Show more</Button>}
      {open?.dialog === "quota" && <QuotaDialog user={open.user} onClose={() => setOpen(null)} />}
      {open?.dialog === "delete" && <DeleteUser user={open.user} onClose={() => setOpen(null)} />}
    </>
  );
}
