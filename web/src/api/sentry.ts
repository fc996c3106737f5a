/** Sentry, fetched only where the installation names one; only what is used of it comes along. */
import { init } from "@sentry/react";

export function start(dsn: string, release: string): void {
  init({ dsn, release });
}
