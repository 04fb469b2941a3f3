import { createContext } from "preact";
import { useContext } from "preact/hooks";

/**
 * Strokes on a 24 × 24 grid, drawn for the widget's own parts: the icons of a business's content come with its flow. Those
 * of the later steps are in laterIcons.ts.
 */
const STROKES: Record<string, string> = {
  phone: "M6.5 4h2.8l1.7 4.5-2.2 1.4a12 12 0 0 0 5.3 5.3l1.4-2.2 4.5 1.7v2.8a2.5 2.5 0 0 1-2.7 2.5A15.5 15.5 0 0 1 4 6.7 2.5 2.5 0 0 1 6.5 4z",
  "map-pin": "M12 21c4.5-4.3 7-7.7 7-11a7 7 0 0 0-14 0c0 3.3 2.5 6.7 7 11zM12 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 1 0 0-5z",
  check: "M5 12.5 10 17.5 19.5 7",
  "chevron-left": "M14.5 5.5 8 12l6.5 6.5",
  "chevron-right": "M9.5 5.5 16 12l-6.5 6.5",
  x: "M6 6l12 12M18 6 6 18",
  dot: "M12 9a3 3 0 1 0 0 6 3 3 0 1 0 0-6z",
};

/** Adds the strokes that are fetched with a later part. */
export function addStrokes(strokes: Record<string, string>): void {
  Object.assign(STROKES, strokes);
}

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
