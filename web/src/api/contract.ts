/** What accounts send and take beyond the basics, as agreed on. */
import type { User as Basics } from "./types";

export type User = Basics & { totp: boolean };

export interface DeviceSession {
  id: string;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
  user_agent: string;
  address: string;
  current: boolean;
}

export interface ApiToken {
  id: string;
  name: string;
  scopes: string[];
  hint: string;
  created_at: string;
  last_used_at: string | null;
  expires_at: string | null;
}

export interface NewToken {
  name: string;
  scopes: string[];
  expires_in_days: number | null;
}

export interface TotpSetUp {
  secret: string;
  uri: string;
  qr_svg: string;
}

export interface RecoveryCodes {
  recovery_codes: string[];
}
