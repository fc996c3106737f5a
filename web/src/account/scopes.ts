/** What an API token can be allowed, in the words of people. A test holds it to the API. */

export interface Domain {
  name: string;
  label: string;
  /** What its reading shows, and what its writing changes. */
  reads: string;
  writes: string;
  adminOnly?: boolean;
}

export const DOMAINS: readonly Domain[] = [
  {
    name: "audio",
    label: "Music",
    reads: "List tracks, play them",
    writes: "Upload, change, delete tracks",
  },
  {
    name: "accounts",
    label: "Account",
    reads: "See your profile and storage",
    writes: "Change your name",
  },
  {
    name: "platform",
    label: "Jobs",
    reads: "Follow progress and events",
    writes: "Cancel what runs for you",
  },
  {
    name: "admin",
    label: "Administration",
    reads: "See users, jobs and the audit log",
    writes: "Change them",
    adminOnly: true,
  },
];

/** "Music: read and write; Jobs: read". */
export function scopeWords(scopes: readonly string[]): string {
  const known = DOMAINS.flatMap(({ name, label }) => {
    const reads = scopes.includes(`${name}:read`);
    const writes = scopes.includes(`${name}:write`);
    if (!reads && !writes) return [];
    return [`${label}: ${reads && writes ? "read and write" : reads ? "read" : "write"}`];
  });
  const names = new Set(DOMAINS.map(({ name }) => name));
  const others = scopes.filter((scope) => !names.has(scope.split(":")[0] ?? ""));
  return [...known, ...others].join("; ");
}
