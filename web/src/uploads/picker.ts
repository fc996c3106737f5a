/** Opens the system's file dialog from anywhere: the one hidden input registers itself here. */

let input: HTMLInputElement | null = null;

export function registerInput(element: HTMLInputElement | null): void {
  input = element;
}

export function pickFiles(): void {
  input?.click();
}
