/** What an API token can be allowed, in the words of people. A test holds them to the API. */

export interface Scope {
  /** The part before the colon: `audio` of `audio:read`. */
  name: string;
  label: string;
  /** What its reading shows, and what its writing changes. */
  reads: string;
  writes: string;
  adminOnly?: boolean;
}

/** "Music: read and write; Jobs: read". */
export function scopeWords(granted: readonly string[], scopes: readonly Scope[]): string {
  const known = scopes.flatMap(({ name, label }) => {
    const reads = granted.includes(`${name}:read`);
    const writes = granted.includes(`${name}:write`);
    if (!reads && !writes) return [];
    return [`${label}: ${reads && writes ? "read and write" : reads ? "read" : "write"}`];
  });
  const names = new Set(scopes.map(({ name }) => name));
  const others = granted.filter((scope) => !names.has(scope.split(":")[0] ?? ""));
  return [...known, ...others].join("; ");
}
