import { useEffect, useState } from "preact/hooks";
import type { Connection } from "../api/connection";
import type { Later } from "../steps/registry";

let fetched: Later | null = null;

async function fetchLater(connection: Connection): Promise<Later> {
  for (;;) {
    try {
      return await import("../steps/later");
    } catch {
      await connection.untilRetry();
    }
  }
}

/** The steps after the first questions, once they have arrived. Without a network it waits, as every request does. */
export function useLater(connection: Connection, dress: (css: string) => void): Later | null {
  const [later, setLater] = useState(fetched);
  useEffect(() => {
    if (later) return;
    void fetchLater(connection).then((module) => {
      if (!fetched) dress(module.styles);
      fetched = module;
      connection.works();
      setLater(module);
    });
  }, []);
  return later;
}
