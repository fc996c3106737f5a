/** How one is told: each kind on the page and by mail, and a digest once a day. */
import { useQuery } from "@tanstack/react-query";
import { Failed } from "@/ui/Notice";
import { Part } from "@/ui/Part";
import { Skeleton } from "@/ui/Skeleton";
import { settingsQuery } from "../queries";
import type { Settings } from "../types";
import { Digest } from "./Digest";
import { KindTable } from "./KindTable";
import { LettersState } from "./LettersState";

function Parts({ settings }: { settings: Settings }) {
  return (
    <div>
      <Part title="You are told about">
        <KindTable settings={settings} />
        <LettersState letters={settings.letters} />
      </Part>
      <Part title="Daily digest">
        <Digest settings={settings} />
      </Part>
    </div>
  );
}

export default function SettingsPage() {
  const { data: settings, error, refetch } = useQuery(settingsQuery);
  if (settings) return <Parts settings={settings} />;
  return error ? (
    <Failed what="Your settings can't be shown" error={error} retry={() => void refetch()} />
  ) : (
    <Skeleton what="your settings" shape="block" rows={2} />
  );
}
