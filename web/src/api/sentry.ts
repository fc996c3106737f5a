/** Sentry, fetched only where the installation names one; only what is used of it comes along. */
import { init } from "@sentry/react";

/** What stands behind the `#` of an address may be a secret: it is told nobody. */
const bare = (address: string) => address.replace(/#.*/s, "");

export function start(dsn: string, release: string): void {
  init({
    dsn,
    release,
    beforeSend(event) {
      if (event.request?.url !== undefined) event.request.url = bare(event.request.url);
      return event;
    },
    beforeBreadcrumb(crumb) {
      for (const name of ["from", "to", "url"]) {
        const said: unknown = crumb.data?.[name];
        if (crumb.data && typeof said === "string") crumb.data[name] = bare(said);
      }
      return crumb;
    },
  });
}
