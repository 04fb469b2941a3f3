import type { Others } from ".";

/** What the frame and the first steps say. */
export const FIRST: Others = { da: () => import("./da") };
