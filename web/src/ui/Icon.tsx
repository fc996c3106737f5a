/** Every drawn sign of the program, on one 24 px grid with one stroke. */
const PATHS = {
  home: "M4 11.5 12 5l8 6.5M6.5 10v9h11v-9M10 19v-5h4v5",
  library: "M4 7v10M8 4.5v15M12 9v6M16 6v12M20 9.5v5",
  admin: "M4 7h10M18 7h2M4 17h2M10 17h10M14 4.5v5M10 14.5v5",
  user: "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM5 20c.6-3.6 3.3-5.5 7-5.5s6.4 1.9 7 5.5",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5 20 20",
  play: "M7.5 5v14l11-7-11-7Z",
  pause: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z",
  next: "M6 5.5v13l9.5-6.5L6 5.5ZM18 5.5v13",
  previous: "M18 5.5v13L8.5 12 18 5.5ZM6 5.5v13",
  volume: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11",
  muted: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4ZM16 9.5l5 5M21 9.5l-5 5",
  upload: "M12 15.5V4.5M7.5 9 12 4.5 16.5 9M4.5 15v4.5h15V15",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  close: "M6 6l12 12M18 6 6 18",
  down: "m6 9.5 6 6 6-6",
  back: "M14.5 6l-6 6 6 6",
  retry: "M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 4.5v4h-4",
  trash: "M5 7h14M9.5 7V4.5h5V7M7 7l.8 12.5h8.4L17 7M10.5 11v5M13.5 11v5",
  edit: "M5 19l.8-3.8L16 5l3 3L8.8 18.2 5 19Z",
  check: "M5 12.5 10 17.5 19.5 7",
  warning: "M12 4 3 19.5h18L12 4ZM12 10v4.5M12 17h.01",
  computer: "M4 5.5h16v10.5H4zM9 20h6M12 16v4",
  phone: "M8 3.5h8v17H8zM11 17.5h2",
  terminal: "M4 5h16v14H4zM7.5 9.5l3 2.5-3 2.5M12.5 15h4",
  key: "M8 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM12.5 12H21M17.5 12v3.5M21 12v2.5",
  lock: "M6.5 11h11v8.5h-11zM9 11V8a3 3 0 0 1 6 0v3",
  mail: "M4 6h16v12.5H4zM4.5 7l7.5 6 7.5-6",
  copy: "M9 9h10.5v10.5H9zM5.5 15H4.5V4.5H15v1",
  download: "M12 4.5v11M7.5 11 12 15.5l4.5-4.5M4.5 15v4.5h15V15",
  out: "M13.5 4.5h-8v15h8M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5",
} as const;

export type IconName = keyof typeof PATHS;

const SOLID = new Set<IconName>(["play", "pause", "next", "previous"]);

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={SOLID.has(name) ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth={name === "more" ? 2.8 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
