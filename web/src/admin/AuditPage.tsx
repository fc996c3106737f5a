/** Who did what on this installation, by action and by person. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { AuditEntry, User } from "@/api/types";
import { meQuery } from "@/api/queries";
import { usersQuery } from "./queries";
import { auditQuery } from "./queries";
import { Entries } from "@/shell/audit/Entries";
import type { Actions } from "@/shell/audit/words";
import { useHouse } from "@/shell/house";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed } from "@/ui/Notice";
import { Select } from "@/ui/Select";
import { Skeleton } from "@/ui/Skeleton";
import { PersonPicker } from "./PersonPicker";
import audit from "@/shell/audit/audit.module.css";

const choicesOf = (actions: Actions) => [
  { value: "", name: "Everything" },
  ...Object.entries(actions)
    .map(([value, { name }]) => ({ value, name }))
    .sort((one, other) => one.name.localeCompare(other.name)),
];

function namesOf(people: readonly User[], entries: readonly AuditEntry[]) {
  const names = new Map(people.map(({ id, name }) => [id, name]));
  for (const { actor } of entries) {
    if (actor && actor.name !== "") names.set(actor.id, actor.name);
  }
  return names;
}

export default function AuditPage() {
  const { action, user } = useSearch({ from: "/in/admin/audit" });
  const navigate = useNavigate();
  const { actions } = useHouse();
  const { data: me } = useQuery(meQuery);
  const { data: people } = useInfiniteQuery(usersQuery(""));
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInfiniteQuery(auditQuery({ action, user }));
  const entries = data?.pages.flatMap((page) => page.items);
  const show = (next: { action?: string | undefined; user?: string | undefined }) => {
    const search = { action, user, ...next };
    void navigate({
      to: "/admin/audit",
      search: {
        ...(search.action === undefined ? {} : { action: search.action }),
        ...(search.user === undefined ? {} : { user: search.user }),
      },
    });
  };
  const filtered = action !== undefined || user !== undefined;
  const names = namesOf(people?.pages.flatMap((page) => page.items) ?? [], entries ?? []);
  return (
    <>
      <search className={audit.auditFilters}>
        <Select
          label="What"
          name="action"
          options={choicesOf(actions)}
          value={action ?? ""}
          onChange={(event) => show({ action: event.target.value || undefined })}
        />
        <PersonPicker
          chosen={user === undefined ? null : (names.get(user) ?? "This person")}
          onPick={(id) => show({ user: id })} />
        {filtered && (
          <Button onClick={() => show({ action: undefined, user: undefined })}>Show everything</Button>
        )}
      </search>
      {error && !entries && (
        <Failed what="The audit log can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!entries && !error && <Skeleton what="the audit log" />}
      {entries?.length === 0 &&
        (filtered ? (
          <p className="quiet">Nothing like that was done in the last 400 days.</p>
        ) : (
          <Empty icon="check" title="Nothing was done yet">
            <p>Sign-ins, new passwords, roles, quotas: who did what is kept here for 400 days.</p>
          </Empty>
        ))}
      {entries && entries.length > 0 && (
        <Entries
          entries={entries}
          reader={{ me: me?.id, names }}
          onPerson={(id) => show({ user: id })}
        />
      )}
      {hasNextPage && (
        <div>
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? "Fetching more…" : "Show more"}
          </Button>
        </div>
      )}
    </>
  );
}
