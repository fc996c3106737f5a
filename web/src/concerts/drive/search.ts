/** What Google's page leads back with, read from the address. */
import { textOf } from "@/shell/roots";

export interface Return {
  code?: string;
  state?: string;
  error?: string;
}

export function readReturn(search: Record<string, unknown>): Return {
  const code = textOf(search.code);
  const state = textOf(search.state);
  const error = textOf(search.error);
  return {
    ...(code === undefined ? {} : { code }),
    ...(state === undefined ? {} : { state }),
    ...(error === undefined ? {} : { error }),
  };
}
