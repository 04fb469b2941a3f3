import { useEffect, useState } from "preact/hooks";
import type { Connection } from "../api/connection";
import { speak } from "../i18n";
import { LATER } from "../i18n/later";
import type { Language } from "../i18n/languages";
import type { Later } from "../steps/registry";

/** By the language whose texts have come with them. */
const fetched = new Map<Language, Later>();

async function fetchLater(connection: Connection, language: Language): Promise<Later> {
  for (;;) {
    try {
      const [later] = await Promise.all([import("../steps/later"), speak(language, LATER)]);
      return later;
    } catch {
      await connection.untilRetry();
    }
  }
}

/** The steps after the first questions, once they have arrived. Without a network it waits, as every request does. */
export function useLater(connection: Connection, dress: (css: string) => void, language: Language): Later | null {
  const [later, setLater] = useState(fetched.get(language) ?? null);
  useEffect(() => {
    if (later) return;
    void fetchLater(connection, language).then((module) => {
      if (fetched.size === 0) dress(module.styles);
      fetched.set(language, module);
      connection.works();
      setLater(module);
    });
  }, []);
  return later;
}
