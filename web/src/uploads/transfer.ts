/** One file over the wire by tus 1.0: 8 MB at a time, resumed after a break or a reload. */
import * as tus from "tus-js-client";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { Problem } from "@/api/problem";
import { meQuery } from "@/api/queries";
import { accessToken, refresh } from "@/api/session";
import type { Schemas } from "@/api/types";

export interface Transfer {
  /** Stops it here and forgets it on the server. */
  cancel: () => void;
  /** Stops it here; choosing the same file again goes on. */
  pause: () => void;
}

export interface TransferEvents {
  onProgress: (sentBytes: number) => void;
  onPause: (note: string) => void;
  /** With the job that goes on with the file on the server, where it is known. */
  onDone: (jobId: string | null) => void;
  onFail: (error: unknown) => void;
}

const CHUNK_BYTES = 8 * 1024 * 1024;
const RETRY_DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000];

/** The server's own words, where it sent problem details. */
function problemOf(error: Error): Problem {
  const answer = error instanceof tus.DetailedError ? error.originalResponse : null;
  if (!answer) {
    return new Problem(0, "No connection", "The connection broke and didn't come back. Try again.");
  }
  let body: { title?: string; detail?: string } = {};
  try {
    body = JSON.parse(answer.getBody()) as typeof body;
  } catch {
    // Not problem details: the status has to do.
  }
  return new Problem(
    answer.getStatus(),
    body.title ?? "The upload was refused",
    body.detail ?? `The server refused this file (status ${answer.getStatus()}).`,
  );
}

const isTemporary = (status: number) =>
  status === 0 || status === 401 || status === 409 || status === 423 || status === 429 ||
  (status >= 500 && status !== 507);

/** One account's half-sent file is never resumed by another one in the same browser. */
function fingerprint(file: File, meant: string[]): string {
  const owner = queryClient.getQueryData(meQuery.queryKey)?.id ?? "someone";
  return ["backline", owner, ...meant, file.name, file.size, file.lastModified].join("/");
}

async function jobOf(location: string | null): Promise<string | null> {
  const id = location?.split("/").at(-1);
  if (id === undefined) return null;
  return (await http.get<Schemas["Upload"]>(`/uploads/${id}`)).job_id;
}

/** What the server is to make of a file, and of which thing it is to be a part. */
export interface Meant {
  kind: string | undefined;
  subject: string | undefined;
}

export function startTransfer(file: File, meant: Meant, events: TransferEvents): Transfer {
  const said = Object.entries(meant).filter((each): each is [string, string] => each[1] !== undefined);
  let stopped = false;
  const upload = new tus.Upload(file, {
    endpoint: "/api/v1/uploads",
    chunkSize: CHUNK_BYTES,
    retryDelays: RETRY_DELAYS_MS,
    removeFingerprintOnSuccess: true,
    // A small file travels with its own announcement: one request instead of two.
    uploadDataDuringCreation: true,
    metadata: {
      filename: file.name,
      filetype: file.type || "application/octet-stream",
      ...Object.fromEntries(said),
    },
    fingerprint: () => Promise.resolve(fingerprint(file, said.map(([, value]) => value))),
    onBeforeRequest: async (request) => {
      request.setHeader("Authorization", `Bearer ${await accessToken()}`);
    },
    onAfterResponse: async (_request, response) => {
      if (response.getStatus() === 401) await refresh();
    },
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0;
      if (stopped || !isTemporary(status)) return false;
      events.onPause(
        status === 429
          ? "The server asks for a pause. Going on in a moment."
          : "The connection broke. Trying again.",
      );
      return true;
    },
    onProgress: (sent) => stopped || events.onProgress(sent),
    onError: (error) => stopped || events.onFail(problemOf(error)),
    onSuccess: () => {
      if (stopped) return;
      // The file has arrived either way; without the job only its progress can't be shown here.
      jobOf(upload.url).then(events.onDone, () => events.onDone(null));
    },
  });
  void begin(upload, () => stopped).catch((error: unknown) => stopped || events.onFail(error));
  const stop = (forget: boolean) => {
    stopped = true;
    // A refusal to forget is harmless: unfinished uploads expire on the server.
    void upload.abort(forget).catch(() => undefined);
  };
  return { cancel: () => stop(true), pause: () => stop(false) };
}

async function begin(upload: tus.Upload, isStopped: () => boolean): Promise<void> {
  const previous = (await upload.findPreviousUploads()).at(-1);
  if (isStopped()) return;
  if (previous) upload.resumeFromPreviousUpload(previous);
  upload.start();
}
