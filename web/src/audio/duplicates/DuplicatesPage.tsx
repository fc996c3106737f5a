/** Tracks that are in the library more than once: which, how they differ, which to keep. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import choice from "@/ui/choice.module.css";
import { LibraryFrame } from "../library/LibraryFrame";
import { GroupCard } from "./GroupCard";
import { duplicatesQuery, type By } from "./queries";
import styles from "./duplicates.module.css";

const WAYS: readonly { value: By; name: string }[] = [
  { value: "sound", name: "Same sound" },
  { value: "song", name: "Same song" },
];
const WORDS: Readonly<Record<By, string>> = {
  sound: "These files hold exactly the same sound, whatever their tags say.",
  song: "These have the same title, artist and length, in other files: another format, another rip, another album.",
};

export default function DuplicatesPage() {
  const { by = "sound" } = useSearch({ from: "/in/library/duplicates" });
  const navigate = useNavigate();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery(
    duplicatesQuery(by),
  );
  const groups = data?.pages.flatMap((page) => page.items);
  const choose = (value: By) =>
    void navigate({
      to: "/library/duplicates",
      search: value === "sound" ? {} : { by: value },
      replace: true,
    });
  return (
    <LibraryFrame>
      <div className={styles.page}>
        <fieldset className={choice.choice}>
          <legend className="unseen">What makes two tracks one</legend>
          {WAYS.map(({ value, name }) => (
            <label key={value}>
              <input
                type="radio"
                name="by"
                checked={by === value}
                onChange={() => choose(value)}
              />
              {name}
            </label>
          ))}
        </fieldset>
        <p className={styles.lead}>
          {WORDS[by]} The one that you keep takes over plays, favourites, ratings and places in
          playlists. Nothing is done by itself.
        </p>
        {error && (
          <Failed what="Duplicates can't be shown" error={error} retry={() => void refetch()} />
        )}
        {!groups && !error && <Skeleton what="duplicates" rows={6} />}
        {groups?.length === 0 && (
          <Empty icon="copy" title={by === "sound" ? "No sound twice" : "No song twice"}>
            <p>
              {by === "sound"
                ? "When two files with the same sound come into your library, they are shown here side by side."
                : "When one song comes into your library in several files, they are shown here side by side."}
            </p>
          </Empty>
        )}
        {groups?.map((group) => (
          <GroupCard key={group.items.map(({ track }) => track.id).join()} group={group} />
        ))}
        {hasNextPage && (
          <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {isFetchingNextPage ? "Fetching…" : "Show more"}
          </Button>
        )}
      </div>
    </LibraryFrame>
  );
}
