/** How the connection to Google Drive stands. */
import { queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Schemas } from "@/api/types";

export type DriveState = Schemas["DriveState"];

export const driveQuery = queryOptions({
  queryKey: ["drive"],
  queryFn: ({ signal }) => http.get<DriveState>("/photos/drive", { signal }),
});
