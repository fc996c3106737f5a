/** Server-sent events read from a fetch body: text in, events out. HTML Living Standard §9.2.6. */

export interface ServerEvent {
  name: string;
  data: string;
}

export interface SseParser {
  /** Feeds a piece of the stream; returns the events that it completes. */
  feed: (chunk: string) => ServerEvent[];
  lastId: () => string | null;
  retryMs: () => number | null;
}

export function createParser(): SseParser {
  let rest = "";
  let name = "";
  let data: string[] = [];
  let lastId: string | null = null;
  let retryMs: number | null = null;

  function field(line: string): void {
    const colon = line.indexOf(":");
    const key = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (key === "event") name = value;
    else if (key === "data") data.push(value);
    else if (key === "id" && !value.includes("\0")) lastId = value;
    else if (key === "retry" && /^\d+$/.test(value)) retryMs = Number(value);
  }

  function feed(chunk: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    rest += chunk;
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(rest);
      if (!end) return events;
      const line = rest.slice(0, end.index);
      rest = rest.slice(end.index + end[0].length);
      if (line === "") {
        if (data.length > 0) events.push({ name: name || "message", data: data.join("\n") });
        name = "";
        data = [];
      } else field(line);
    }
  }

  return { feed, lastId: () => lastId, retryMs: () => retryMs };
}
