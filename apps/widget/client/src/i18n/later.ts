import type { Others } from ".";

/** What the steps after the first questions say. */
export const LATER: Others = { da: () => import("./da-later") };
