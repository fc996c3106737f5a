/** Small settings kept in this browser. Where storage is refused, they last as long as the page. */

const memory = new Map<string, string>();

export function remember(key: string, value: string | null): void {
  const name = `backline.${key}`;
  if (value === null) memory.delete(name);
  else memory.set(name, value);
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Kept in memory alone.
  }
}

export function recall(key: string): string | null {
  const name = `backline.${key}`;
  try {
    return localStorage.getItem(name) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}
