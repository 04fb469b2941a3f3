import { createContext } from "preact";
import { useContext } from "preact/hooks";

/** Strokes on a 24 × 24 grid, drawn for the widget's own parts: the icons of a business's content come with its flow. */
const STROKES: Record<string, string> = {
  wrench: "M19.7 7.3a4.8 4.8 0 0 1-6.3 5.9L7.3 19.3a1.85 1.85 0 0 1-2.6-2.6l6.1-6.1a4.8 4.8 0 0 1 5.9-6.3L13.9 7.1l3 3z",
  calendar: "M5.5 5.5h13A1.5 1.5 0 0 1 20 7v11.5a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18.5V7a1.5 1.5 0 0 1 1.5-1.5zM4 10.5h16M8.5 3.5v4M15.5 3.5v4",
  clock: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17zM12 7.5V12l3 2",
  phone: "M6.5 4h2.8l1.7 4.5-2.2 1.4a12 12 0 0 0 5.3 5.3l1.4-2.2 4.5 1.7v2.8a2.5 2.5 0 0 1-2.7 2.5A15.5 15.5 0 0 1 4 6.7 2.5 2.5 0 0 1 6.5 4z",
  user: "M12 4a4 4 0 1 0 0 8 4 4 0 1 0 0-8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
  "map-pin": "M12 21c4.5-4.3 7-7.7 7-11a7 7 0 0 0-14 0c0 3.3 2.5 6.7 7 11zM12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 1 0 0-5z",
  check: "M5 12.5 10 17.5 19.5 7",
  "chevron-left": "M14.5 5.5 8 12l6.5 6.5",
  "chevron-right": "M9.5 5.5 16 12l-6.5 6.5",
  plus: "M12 5v14M5 12h14",
  x: "M6 6l12 12M18 6 6 18",
  "alert-triangle": "M12 4 3 19.5h18zM12 10v4.5M12 17v.01",
  info: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17zM12 11v5.5M12 7.8v.01",
  "help-circle": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17zM9.5 9.7a2.5 2.5 0 1 1 3.7 2.2c-.8.4-1.2.9-1.2 1.9M12 16.7v.01",
  dot: "M12 9a3 3 0 1 0 0 6 3 3 0 1 0 0-6z",
};

/** The paths of the icons that the flow uses, by name. */
export const IconsContext = createContext<Record<string, string>>({});

interface Props {
  name: string | null | undefined;
  size?: number;
  /** Drawn where the name is unknown. */
  fallback?: string;
  /** The path itself, where it comes from outside the flow. */
  path?: string | null | undefined;
}

/** Decorative: the text beside it carries the meaning. */
export function Icon({ name, size = 20, fallback = "dot", path }: Props) {
  const drawn = useContext(IconsContext);
  const key = name ?? "";
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={path || drawn[key] || STROKES[key] || STROKES[fallback]} />
    </svg>
  );
}
