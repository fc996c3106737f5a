/** Where the program begins in the browser: styles, live updates, keys of the system, the first page. */
import "./design/tokens.css";
import "./design/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/client";
import { http } from "./api/http";
import { startLive } from "./api/live";
import { reportError, reportUncaught, startSentry } from "./api/report";
import type { Instance } from "./api/types";
import { DOMAINS } from "./domains";
import { router } from "./router";
import { assemble, HouseProvider } from "./shell/house";
import { first, last } from "./shell/own";

reportUncaught();
const house = assemble([first, ...DOMAINS, last]);
startLive(house.live);
for (const { start } of house.faces) start?.();

// Not by the cache of queries, which is emptied, and what it waits for with it, for who is signed out.
void http
  .get<Instance>("/instance", { signedIn: false })
  .then(async ({ sentry_dsn, version }) => {
    if (sentry_dsn !== null) await startSentry(sentry_dsn, version);
  })
  .catch(() => undefined);

const element = document.getElementById("root");
if (element) {
  createRoot(element, {
    onUncaughtError: (error) => reportError(error, "root"),
  }).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <HouseProvider value={house}>
          <RouterProvider router={router} />
        </HouseProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
