/** Every drawn sign of the program, on one 24 px grid with one stroke. */
const PATHS = {
  home: "M4 11.5 12 5l8 6.5M6.5 10v9h11v-9M10 19v-5h4v5",
  library: "M4 7v10M8 4.5v15M12 9v6M16 6v12M20 9.5v5",
  live: "M12 13.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM8.5 15.5a5 5 0 0 1 0-7M15.5 8.5a5 5 0 0 1 0 7M5.7 18.3a9 9 0 0 1 0-12.6M18.3 5.7a9 9 0 0 1 0 12.6",
  eye: "M3 12c2.2-4 5.2-6 9-6s6.8 2 9 6c-2.2 4-5.2 6-9 6s-6.8-2-9-6ZM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
  stop: "M6.5 6.5h11v11h-11z",
  ticket: "M4 7.5h16v3a1.5 1.5 0 0 0 0 3v3H4v-3a1.5 1.5 0 0 0 0-3v-3ZM14.5 10v4",
  photo: "M4 5.5h16v13H4zM4 15.5l4.5-4.5 4 4 2.5-2.5 5 5M15 9.5h.01",
  star: "M12 4.5l2.3 4.8 5.2.7-3.8 3.6.9 5.2-4.6-2.5-4.6 2.5.9-5.2-3.8-3.6 5.2-.7L12 4.5Z",
  starred: "M12 4.5l2.3 4.8 5.2.7-3.8 3.6.9 5.2-4.6-2.5-4.6 2.5.9-5.2-3.8-3.6 5.2-.7L12 4.5Z",
  heart: "M12 19.5 5.2 12.6a4.3 4.3 0 0 1 6.1-6.1l.7.7.7-.7a4.3 4.3 0 0 1 6.1 6.1L12 19.5Z",
  hearted: "M12 19.5 5.2 12.6a4.3 4.3 0 0 1 6.1-6.1l.7.7.7-.7a4.3 4.3 0 0 1 6.1 6.1L12 19.5Z",
  playlist: "M4 6.5h11M4 11.5h11M4 16.5h7M17.5 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM19.5 17V9l-2 1",
  place: "M12 20.5s6.5-5.6 6.5-10.5a6.5 6.5 0 0 0-13 0c0 4.9 6.5 10.5 6.5 10.5ZM12 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4Z",
  folder: "M4 6.5h5.5l2 2.5H20v9.5H4z",
  tasks: "M4 6.5l1.5 1.5L8.5 5M4 15.5l1.5 1.5 3-3M12.5 7H20M12.5 16H20",
  plus: "M12 5v14M5 12h14",
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
  grip: "M9.5 6h.01M14.5 6h.01M9.5 12h.01M14.5 12h.01M9.5 18h.01M14.5 18h.01",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  minus: "M5 12h14",
  whole: "M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15",
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
  bell: "M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5L19 18H5l1.5-1.5ZM10.3 20.7h3.4M12 5.5V3.8",
  lock: "M6.5 11h11v8.5h-11zM9 11V8a3 3 0 0 1 6 0v3",
  mail: "M4 6h16v12.5H4zM4.5 7l7.5 6 7.5-6",
  link: "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1-1",
  copy: "M9 9h10.5v10.5H9zM5.5 15H4.5V4.5H15v1",
  restore: "M4.5 12a7.5 7.5 0 1 0 2.3-5.4M4.5 4.5v4h4",
  archive: "M4 5h16v4H4zM5.5 9v10.5h13V9M10 13h4",
  clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM12 7.5V12l3 2",
  tag: "M9.5 4.5 7.5 19.5M16.5 4.5l-2 15M5 9.5h14.5M4.5 15H19",
  text: "M4.5 7h15M4.5 12h15M4.5 17h9",
  comment: "M4.5 5h15v11h-8l-4 3.5V16h-3z",
  views: "M4 6h16M7 12h10M10 18h4",
  download: "M12 4.5v11M7.5 11 12 15.5l4.5-4.5M4.5 15v4.5h15V15",
  graph: "M4.5 4.5v15h15M8 15.5l3.5-5 3 3 5-7",
  out: "M13.5 4.5h-8v15h8M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5",
} as const;

export type IconName = keyof typeof PATHS;

const SOLID = new Set<IconName>(["play", "pause", "next", "previous", "stop", "starred", "hearted"]);

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={SOLID.has(name) ? "currentColor" : "none"}
      stroke="currentColor"
      strokeWidth={name === "more" || name === "grip" ? 2.8 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
