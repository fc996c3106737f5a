/** The one query client: what is retried, and how long an answer counts as fresh. */
import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

const RETRIES = 2;
const LONGEST_PAUSE_S = 60;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // The browser's own idea of being online is often wrong; the connection bar knows better.
      networkMode: "always",
      retry: (failures, error) =>
        failures < RETRIES &&
        error instanceof Problem &&
        (error.status === 0 || error.status === 429 || error.status >= 500),
      // Where the server says how long to wait, it knows best.
      retryDelay: (failures, error) => {
        const asked_s = error instanceof Problem ? error.retryAfterS : null;
        return 1_000 * Math.min(asked_s ?? 2 ** failures, LONGEST_PAUSE_S);
      },
    },
    mutations: { networkMode: "always" },
  },
});
