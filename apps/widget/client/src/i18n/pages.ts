import type { Others } from ".";

/** What the pages behind a customer's link say. */
export const PAGES: Others = { da: () => import("./da-pages") };
