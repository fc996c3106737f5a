/** The files on their way up: which wait, which travel, how far each is. The wire is `transfer.ts`. */
import type { Taking } from "@/shell/face";
import { queryClient } from "@/api/client";
import { sentenceOf } from "@/api/problem";
import { instanceQuery } from "@/api/queries";
import { session } from "@/api/session";
import { createStore } from "@/api/store";
import { bytes } from "@/ui/format";
import type { Transfer, TransferEvents } from "./transfer";

export type UploadPhase = "waiting" | "sending" | "pausing" | "sent" | "failed";

export interface Upload {
  key: string;
  file: File;
  taking: Taking;
  /** The thing that it is for, where it is for one. */
  subject: string | undefined;
  phase: UploadPhase;
  sentBytes: number;
  /** What is happening or why it failed, when the phase alone doesn't say it. */
  note: string | null;
  jobId: string | null;
}

const AT_ONCE = 2;
let count = 0;
const transfers = new Map<string, Transfer>();

export const uploads = createStore<readonly Upload[]>([]);

function change(key: string, part: Partial<Upload>): void {
  uploads.set(uploads.get().map((each) => (each.key === key ? { ...each, ...part } : each)));
}

/** The wire's code is fetched with the first file. */
function lazyTransfer({ file, taking, subject }: Upload, events: TransferEvents): Transfer {
  const starting = import("./transfer").then(({ startTransfer }) =>
    startTransfer(file, { kind: taking.kind, subject }, events),
  );
  starting.catch(events.onFail);
  const then = (act: (transfer: Transfer) => void) => void starting.then(act, () => undefined);
  return {
    cancel: () => then((transfer) => transfer.cancel()),
    pause: () => then((transfer) => transfer.pause()),
  };
}

function begin(upload: Upload): void {
  const { key, file } = upload;
  change(key, { phase: "sending", note: null });
  const events: TransferEvents = {
    onProgress: (sentBytes) => change(key, { phase: "sending", sentBytes, note: null }),
    onPause: (note) => change(key, { phase: "pausing", note }),
    onDone: (jobId) => {
      transfers.delete(key);
      change(key, { phase: "sent", sentBytes: file.size, note: null, jobId });
      pump();
    },
    onFail: (error) => {
      transfers.delete(key);
      change(key, { phase: "failed", note: sentenceOf(error) });
      pump();
    },
  };
  transfers.set(key, lazyTransfer(upload, events));
}

function pump(): void {
  for (const upload of uploads.get()) {
    if (transfers.size >= AT_ONCE) return;
    if (upload.phase === "waiting") begin(upload);
  }
}

function refusal(file: File): string | null {
  const most = queryClient.getQueryData(instanceQuery.queryKey)?.max_upload_bytes;
  if (file.size === 0) return "This file is empty. Choose another one.";
  if (most !== undefined && file.size > most) {
    return `This file is ${bytes(file.size)}. The most that this server takes is ${bytes(most)}.`;
  }
  return null;
}

export function addFiles(files: Iterable<File>, taking: Taking, subject?: string): void {
  const added = [...files].map((file): Upload => {
    const note = refusal(file);
    count += 1;
    return {
      key: `upload-${count}`,
      file,
      taking,
      subject,
      phase: note === null ? "waiting" : "failed",
      sentBytes: 0,
      note,
      jobId: null,
    };
  });
  uploads.set([...uploads.get(), ...added]);
  pump();
}

export function retryUpload(key: string): void {
  change(key, { phase: "waiting", note: null });
  pump();
}

/** Takes an upload off the list; one that is still travelling is stopped on the server as well. */
export function dropUpload(key: string): void {
  transfers.get(key)?.cancel();
  transfers.delete(key);
  uploads.set(uploads.get().filter((each) => each.key !== key));
  pump();
}

export function clearSent(): void {
  uploads.set(uploads.get().filter((each) => each.phase !== "sent"));
}

session.subscribe(() => {
  if (session.get().state !== "out") return;
  for (const transfer of transfers.values()) transfer.pause();
  transfers.clear();
  uploads.set([]);
});

// Leaving the page in the middle of an upload is worth a question.
window.addEventListener("beforeunload", (event) => {
  if (transfers.size > 0) event.preventDefault();
});
