/** A request that failed, in words for a person: RFC 9457 problem details and network failures. */

export interface FieldFault {
  field: string;
  detail: string;
}

export class Problem extends Error {
  override readonly name = "Problem";
  /** HTTP status; 0 when no answer came at all. */
  readonly status: number;
  /** Which problem it is, by the API's own word: "wrong-code". */
  readonly kind: string;
  readonly title: string;
  readonly faults: readonly FieldFault[];
  readonly requestId: string | null;
  readonly retryAfterS: number | null;

  constructor(
    status: number,
    title: string,
    detail: string,
    rest: {
      kind?: string;
      faults?: readonly FieldFault[];
      requestId?: string;
      retryAfterS?: number;
    } = {},
  ) {
    super(detail);
    this.status = status;
    this.kind = rest.kind ?? "";
    this.title = title;
    this.faults = rest.faults ?? [];
    this.requestId = rest.requestId ?? null;
    this.retryAfterS = rest.retryAfterS ?? null;
  }

  /** The same, said of one field. */
  at(field: string): Problem {
    return new Problem(this.status, this.title, this.message, {
      kind: this.kind,
      faults: [{ field, detail: this.message }],
    });
  }

  /** What is wrong with one field, if the server named it. */
  fault(field: string): string | undefined {
    return this.faults.find((fault) => fault.field === field)?.detail;
  }
}

export const unreachable = () =>
  new Problem(
    0,
    "No connection",
    navigator.onLine
      ? "The server can't be reached. It may be restarting; try again in a moment."
      : "This device is offline. Connect to a network and try again.",
  );

/** Whether a thrown thing is that problem of the API. */
export const isProblem = (error: unknown, kind: string): error is Problem =>
  error instanceof Problem && error.kind === kind;

interface Body {
  type?: unknown;
  title?: unknown;
  detail?: unknown;
  request_id?: unknown;
  errors?: unknown;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

function faultsOf(errors: unknown): FieldFault[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((entry: unknown) => {
    const { field, detail } = (entry ?? {}) as { field?: unknown; detail?: unknown };
    return typeof field === "string" && typeof detail === "string" ? [{ field, detail }] : [];
  });
}

export async function problemOf(response: Response): Promise<Problem> {
  let body: Body = {};
  try {
    body = ((await response.json()) ?? {}) as Body;
  } catch {
    // A proxy's own error page: the status says enough.
  }
  const fallback =
    response.status >= 500
      ? "The server failed to answer. Try again in a moment."
      : "The server refused this request.";
  const requestId = text(body.request_id) ?? response.headers.get("x-request-id") ?? undefined;
  const retryAfterS = Number(response.headers.get("retry-after") ?? Number.NaN);
  return new Problem(
    response.status,
    text(body.title) ?? "Something went wrong",
    text(body.detail) ?? fallback,
    {
      kind: text(body.type)?.split(":").at(-1) ?? "",
      faults: faultsOf(body.errors),
      ...(requestId === undefined ? {} : { requestId }),
      ...(Number.isFinite(retryAfterS) ? { retryAfterS } : {}),
    },
  );
}

/** Any thrown thing as a sentence for a person. */
export function sentenceOf(error: unknown): string {
  return error instanceof Problem
    ? error.message
    : "Something in this page failed. Reload it and try again.";
}
