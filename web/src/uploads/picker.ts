/** Opens the system's file dialog from anywhere: the hidden inputs register themselves here. */
import type { Taking } from "@/shell/face";

const inputs = new Map<Taking, HTMLInputElement>();

/** Returns what takes it off again. */
export function registerInput(taking: Taking, element: HTMLInputElement): () => void {
  inputs.set(taking, element);
  return () => inputs.delete(taking);
}

export function pickFiles(taking: Taking): void {
  inputs.get(taking)?.click();
}
