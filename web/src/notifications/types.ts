/** What people are told, as the server sends it. */
import type { Page, Schemas } from "@/api/types";

export type Told = Schemas["ShownNotice"];
export type ToldPage = Page<Told>;
export type Marked = Schemas["Marked"];
export type Settings = Schemas["NotificationSettings"];
export type KindSetting = Schemas["KindSetting"];
export type Ended = Schemas["Subscription"];

/** What somebody chooses anew; the rest stays. */
export interface SettingsPatch {
  kinds?: Record<string, { page?: boolean; mail?: boolean }>;
  digest?: boolean;
  digest_hour?: number;
  time_zone?: string;
}
