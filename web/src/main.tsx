/** Where the program begins in the browser: styles, live updates, keys of the system, the first page. */
import "./design/tokens.css";
import "./design/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/client";
import { startLive } from "./api/live";
import { instanceQuery } from "./api/queries";
import { reportError, reportUncaught, startSentry } from "./api/report";
import { startMediaSession } from "./player/mediaSession";
import { router } from "./router";

reportUncaught();
startLive();
startMediaSession();

void queryClient
  .query(instanceQuery)
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
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}
