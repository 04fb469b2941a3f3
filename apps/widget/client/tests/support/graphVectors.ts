import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServiceSelectionConfig } from "../../src/api/types";
import type { GraphProblem } from "../../src/engine/graphValidation";

/** The cases that the Python engine runs, too; fixtures/graphs/README.md says what is in them. */
export interface Vector {
  name: string;
  titles?: Record<string, string>;
  graph: ServiceSelectionConfig;
  errors: GraphProblem[];
  walks: { node_ids: string[]; result?: { service_id: string | null; complete: boolean } }[];
}

const FOLDER = join(import.meta.dirname, "../../../../../fixtures/graphs");

export const VECTORS: Vector[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".json"))
  .map((file) => written(JSON.parse(readFileSync(join(FOLDER, file), "utf8"))) as Vector);

/** What a vector stands for: each `{"series": n, "of": […]}` in a list is written out n times. */
function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => (isSeries(item) ? timesOf(item) : [written(item)]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, written(item)]));
}

interface Series {
  series: number;
  of: unknown[];
}

function isSeries(value: unknown): value is Series {
  return typeof value === "object" && value !== null && "series" in value;
}

function timesOf({ series, of }: Series): unknown[] {
  const text = JSON.stringify(written(of));
  return Array.from({ length: series }, (_, i): unknown[] => {
    return JSON.parse(text.replaceAll("{i}", String(i)).replaceAll("{i+1}", String(i + 1))) as unknown[];
  }).flat();
}
