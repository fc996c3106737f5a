/** One request to the API: token, timeout, one retry after a refresh, problems as exceptions. */
import { reportAnswer, reportSilence } from "./connection";
import { problemOf, unreachable } from "./problem";
import { accessToken, refresh, session } from "./session";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

interface Options {
  body?: unknown;
  query?: Record<string, string | number | null | undefined>;
  signal?: AbortSignal;
  /** Only if the thing is still at this version; else the answer is a problem with status 412. */
  ifVersion?: number;
  /** Off for what a visitor may call. */
  signedIn?: boolean;
}

const TIMEOUT_MS = 30_000;

function address(path: string, query: Options["query"]): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== null && value !== undefined && value !== "") parameters.set(name, String(value));
  }
  const search = parameters.toString();
  return `/api/v1${path}${search === "" ? "" : `?${search}`}`;
}

async function send(method: Method, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (options.body !== undefined) headers["content-type"] = "application/json";
  if (options.ifVersion !== undefined) headers["if-match"] = `"${options.ifVersion}"`;
  if (options.signedIn !== false) headers.authorization = `Bearer ${await accessToken()}`;
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    const answer = await fetch(address(path, options.query), {
      method,
      headers,
      signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    if (answer.status === 502 || answer.status === 503 || answer.status === 504) reportSilence();
    else reportAnswer();
    return answer;
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    reportSilence();
    throw unreachable();
  }
}

async function answerTo(method: Method, path: string, options: Options): Promise<Response> {
  let answer = await send(method, path, options);
  if (answer.status === 401 && options.signedIn !== false && session.get().state === "in") {
    const current = await refresh();
    if (current.state === "in") answer = await send(method, path, options);
  }
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}

async function request<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const answer = await answerTo(method, path, options);
  if (answer.status === 204) return undefined as T;
  const text = await answer.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

export const http = {
  get: <T>(path: string, options?: Options) => request<T>("GET", path, options),
  /** What isn't JSON, as it is. */
  blob: async (path: string, options: Options = {}) => (await answerTo("GET", path, options)).blob(),
  post: <T>(path: string, body: unknown = {}, options?: Options) =>
    request<T>("POST", path, { ...options, body }),
  put: <T>(path: string, body: unknown, options?: Options) =>
    request<T>("PUT", path, { ...options, body }),
  patch: <T>(path: string, body: unknown, options?: Options) =>
    request<T>("PATCH", path, { ...options, body }),
  delete: (path: string) => request<undefined>("DELETE", path),
};
