/** The one query client: what is retried, and how long an answer counts as fresh. */
import { QueryClient } from "@tanstack/react-query";
import { Problem } from "./problem";

const RETRIES = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // The browser's own idea of being online is often wrong; the connection bar knows better.
      networkMode: "always",
      retry: (failures, error) =>
        failures < RETRIES && error instanceof Problem && (error.status === 0 || error.status >= 500),
    },
    mutations: { networkMode: "always" },
  },
});
