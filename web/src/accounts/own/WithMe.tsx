/** One's own account for a part of the page, or what is shown until it is there. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { User } from "@/api/types";
import { meQuery } from "@/api/queries";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";

export function WithMe({ children }: { children: (me: User) => ReactNode }) {
  const { data: me, error, refetch } = useQuery(meQuery);
  if (me) return children(me);
  return error ? (
    <Failed what="Your account can't be shown" error={error} retry={() => void refetch()} />
  ) : (
    <Skeleton what="your account" shape="block" rows={2} />
  );
}
