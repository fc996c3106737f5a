/** Into the clipboard, also where the browser has no clipboard for scripts (plain HTTP in a network). */

function copyBySelection(text: string, near: Element): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.className = "unseen";
  // Inside an open dialog, nothing outside of it can be selected.
  (near.closest("dialog") ?? document.body).append(area);
  area.select();
  // Marked as outdated, and still the only way without a secure origin.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const copied = document.execCommand("copy");
  area.remove();
  return copied;
}

/** False where the browser refuses both ways. */
export async function copyText(text: string, near: Element): Promise<boolean> {
  const { clipboard } = navigator as { clipboard?: Clipboard };
  try {
    if (clipboard) {
      await clipboard.writeText(text);
      return true;
    }
  } catch {
    // No permission: the other way needs none.
  }
  return copyBySelection(text, near);
}

/** Hands a text to the browser as a file to keep. */
export function saveText(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
