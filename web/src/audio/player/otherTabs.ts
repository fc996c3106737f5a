/** One tab sounds at a time: the one that starts to play has the others pause. */

const channel = "BroadcastChannel" in window ? new BroadcastChannel("backline.player") : null;

export function hushOthers(): void {
  channel?.postMessage("playing");
}

export function onHush(callback: () => void): void {
  channel?.addEventListener("message", callback);
}
