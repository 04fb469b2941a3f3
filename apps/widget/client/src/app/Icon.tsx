/** Strokes on a 24 × 24 grid, drawn for this widget. Keys follow the common icon names that content uses. */
const STROKES: Record<string, string> = {
  wrench: "M19.7 7.3a4.8 4.8 0 0 1-6.3 5.9L7.3 19.3a1.85 1.85 0 0 1-2.6-2.6l6.1-6.1a4.8 4.8 0 0 1 5.9-6.3L13.9 7.1l3 3z",
  flame: "M12 3c.6 3.6 5.5 5.7 5.5 11a5.5 5.5 0 0 1-11 .3c0-2.3 1-3.7 2.2-5 .2 1.6.9 2.6 2 3C10.3 9 10.5 5.8 12 3z",
  droplets: "M9 6.5c2.6 3 4 5.2 4 7.2a4 4 0 0 1-8 0c0-2 1.4-4.2 4-7.2zM14.2 5.6c.5-.9 1.1-1.7 1.8-2.6 2.6 3.2 4 5.5 4 7.7a4 4 0 0 1-3.3 4",
  snowflake: "M12 3v18M4.2 7.5l15.6 9M19.8 7.5l-15.6 9M9.5 4.7 12 7l2.5-2.3M9.5 19.3 12 17l2.5 2.3M4.5 11l3-1-.7-3.2M19.5 13l-3 1 .7 3.2M19.5 11l-3-1 .7-3.2M4.5 13l3 1-.7 3.2",
  zap: "M13.5 3 5 13.5h6L10.5 21 19 10.5h-6z",
  thermometer: "M10 13.8V5.5a2 2 0 0 1 4 0v8.3a4 4 0 1 1-4 0zM12 9.5V17",
  "shower-head": "M4 20V7.5a3.5 3.5 0 0 1 6.7-1.4M8 10.5a4.5 4.5 0 0 1 8.4-3.3zM12.5 12.5v.01M15.5 11v.01M18.5 9.5v.01M14 16v.01M17 14.5v.01M20 13v.01M16 19.5v.01M19 18v.01",
  toilet: "M6 3.5h4.5V11H6zM6 11h13a6 6 0 0 1-5 5.9L14.5 20.5H8.5L9.5 16A6.5 6.5 0 0 1 6 11z",
  fan: "M12 12m-1.5 0a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0M12 10.5C9 8.5 9.5 3.5 13 3.5c3 0 3 4 .3 7.3M13.5 12c2-3 7-2.5 7 1 0 3-4 3-7.3.3M12 13.5c3 2 2.5 7-1 7-3 0-3-4-.3-7.3M10.5 12c-2 3-7 2.5-7-1 0-3 4-3 7.3-.3",
  plug: "M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4",
  home: "M4 11.5 12 4l8 7.5M6 9.8V20h12V9.8M10 20v-6h4v6",
  calendar: "M5.5 5.5h13A1.5 1.5 0 0 1 20 7v11.5a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18.5V7a1.5 1.5 0 0 1 1.5-1.5zM4 10.5h16M8.5 3.5v4M15.5 3.5v4",
  clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17zM12 7.5V12l3 2",
  phone: "M6.5 4h2.8l1.7 4.5-2.2 1.4a12 12 0 0 0 5.3 5.3l1.4-2.2 4.5 1.7v2.8a2.5 2.5 0 0 1-2.7 2.5A15.5 15.5 0 0 1 4 6.7 2.5 2.5 0 0 1 6.5 4z",
  mail: "M5 5.5h14A1.5 1.5 0 0 1 20.5 7v10a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 17V7A1.5 1.5 0 0 1 5 5.5zM4 7l8 6 8-6",
  user: "M12 4a4 4 0 1 0 0 8 4 4 0 1 0 0-8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
  "map-pin": "M12 21c4.5-4.3 7-7.7 7-11a7 7 0 0 0-14 0c0 3.3 2.5 6.7 7 11zM12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 1 0 0-5z",
  check: "M5 12.5 10 17.5 19.5 7",
  "chevron-left": "M14.5 5.5 8 12l6.5 6.5",
  "chevron-right": "M9.5 5.5 16 12l-6.5 6.5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  x: "M6 6l12 12M18 6 6 18",
  "alert-triangle": "M12 4 3 19.5h18zM12 10v4.5M12 17v.01",
  info: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17zM12 11v5.5M12 7.8v.01",
  "help-circle": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17zM9.5 9.7a2.5 2.5 0 1 1 3.7 2.2c-.8.4-1.2.9-1.2 1.9M12 16.7v.01",
  scissors: "M6.5 4a2.5 2.5 0 1 0 0 5 2.5 2.5 0 1 0 0-5zM6.5 15a2.5 2.5 0 1 0 0 5 2.5 2.5 0 1 0 0-5zM8.5 8 20 17.5M8.5 16 20 6.5",
  sparkles: "M11 5l1.7 4.8L17.5 11.5l-4.8 1.7L11 18l-1.7-4.8L4.5 11.5l4.8-1.7zM18.5 3v4M16.5 5h4M19 17.5v3M17.5 19h3",
  dot: "M12 9a3 3 0 1 0 0 6 3 3 0 1 0 0-6z",
};

interface Props {
  name: string | null | undefined;
  size?: number;
  /** Drawn where the name is unknown. */
  fallback?: string;
}

/** Decorative: the text beside it carries the meaning. */
export function Icon({ name, size = 20, fallback = "dot" }: Props) {
  const path = STROKES[name ?? ""] ?? STROKES[fallback];
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  );
}
