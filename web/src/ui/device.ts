/** What a user agent says of itself, as people call it: "Firefox on Windows". */

export interface Device {
  name: string;
  kind: "computer" | "phone" | "program";
}

/** In this order: most name others too, to be taken for them. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgi?A?(?:OS)?\//, "Edge"],
  [/\bOPR\/|\bOpera\b/, "Opera"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\bCriOS\/|\bChrome\/|\bHeadlessChrome\//, "Chrome"],
  [/\bChromium\//, "Chromium"],
  [/\bVersion\/.*\bSafari\//, "Safari"],
];

const SYSTEMS: readonly (readonly [RegExp, string, Device["kind"]])[] = [
  [/\biPhone\b/, "iPhone", "phone"],
  [/\biPad\b/, "iPad", "phone"],
  [/\bAndroid\b/, "Android", "phone"],
  [/\bWindows\b/, "Windows", "computer"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS", "computer"],
  [/\bCrOS\b/, "ChromeOS", "computer"],
  [/\bLinux\b|\bX11\b/, "Linux", "computer"],
];

export function deviceOf(userAgent: string): Device {
  const browser = BROWSERS.find(([sign]) => sign.test(userAgent))?.[1];
  const [, system, kind] = SYSTEMS.find(([sign]) => sign.test(userAgent)) ?? [];
  if (browser !== undefined && system !== undefined && kind !== undefined) {
    return { name: `${browser} on ${system}`, kind };
  }
  if (browser !== undefined) return { name: browser, kind: "computer" };
  // Programs say their name first: "python-httpx/0.28.1", "curl/8.5.0".
  const program = /^[\w.+-]{1,40}(?=\/|$)/.exec(userAgent)?.[0];
  if (program !== undefined && program !== "Mozilla") return { name: program, kind: "program" };
  return { name: system === undefined ? "Unknown device" : `A device with ${system}`, kind: kind ?? "program" };
}
