/** Where one arrives: what is new in each domain, and how much of one's storage that takes. */
import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { meQuery } from "@/api/queries";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { useHouse } from "../house";
import { StorageMeter } from "./StorageMeter";

export function HomePage() {
  const { faces } = useHouse();
  const { data: me } = useQuery(meQuery);
  const homes = faces.flatMap(({ name, home }) => (home ? [{ name, ...home }] : []));
  return (
    <Page
      title="Home"
      actions={homes.map(({ name, actions: Actions }) => Actions && <Actions key={name} />)}
    >
      {homes.map(({ name, part: Part }) => (
        <Suspense key={name} fallback={<Skeleton what="what is new" shape="tiles" rows={6} />}>
          <Part />
        </Suspense>
      ))}
      {me && me.storage.used_bytes > 0 && <StorageMeter />}
    </Page>
  );
}
