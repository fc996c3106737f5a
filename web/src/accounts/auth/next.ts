/** Where one goes on to after signing in: only a path of our own, "//elsewhere" would lead away. */
export const ownPath = (next: string | undefined) =>
  next !== undefined && /^\/(?!\/)/.test(next) ? next : "/";
