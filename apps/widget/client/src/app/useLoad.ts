import { useCallback, useEffect, useState } from "preact/hooks";
import { Aborted, isCode, type ApiError } from "../api/errors";

export interface Loaded<T> {
  data: T | null;
  loading: boolean;
  failed: boolean;
  /** Why, where that is something to tell people. */
  refusal: ApiError | null;
  reload: () => void;
}

/**
 * Loads when `key` changes and on reload; null loads nothing. What was loaded for another key is gone at once, so a
 * screen never shows one day's times under another day's name; a reload of the same key keeps it until the new arrives.
 */
export function useLoad<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [result, setResult] = useState<{ key: string; data: T | null; failed: boolean; refusal: ApiError | null } | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    if (key === null) return undefined;
    const abort = new AbortController();
    load(abort.signal).then(
      (data) => !abort.signal.aborted && setResult({ key, data, failed: false, refusal: null }),
      (error: unknown) => !(error instanceof Aborted) && !abort.signal.aborted && setResult({ key, data: null, failed: true, refusal: tellable(error) }),
    );
    return () => abort.abort();
  }, [key, turn]);
  const reload = useCallback(() => {
    setResult((known) => (known?.failed ? null : known));
    setTurn((value) => value + 1);
  }, []);
  const current = result && result.key === key ? result : null;
  return {
    data: current?.data ?? null,
    loading: key !== null && !current,
    failed: current?.failed ?? false,
    refusal: current?.refusal ?? null,
    reload,
  };
}

function tellable(error: unknown): ApiError | null {
  return isCode(error, "RATE_LIMITED") ? error : null;
}
