import { ApiClient } from "../api/client";
import { Connection } from "../api/connection";
import type { Resolved } from "../api/types";
import { tabStorage } from "../session/draft";
import { Visitor } from "../session/visitor";

type TabStorage = ReturnType<typeof tabStorage>;

/** What every part of the widget shares, made once a page. */
export interface Services {
  api: ApiClient;
  connection: Connection;
  storage: TabStorage;
  /** From the embed snippet: the number to call where nothing else is known. */
  phone: string | null;
  /** The configuration for this page, asked once and kept for a while. */
  resolve: (configId: string | null) => Promise<Resolved>;
  /** Adds a style sheet to the shadow root. */
  dress: (css: string) => void;
}

const FRESH_MS = 5 * 60_000;

interface Options {
  apiKey: string;
  apiBase: string;
  phone: string | null;
  dress: (css: string) => void;
}

export function makeServices(options: Options): Services {
  const connection = new Connection();
  const storage = tabStorage();
  const api = new ApiClient({ base: options.apiBase, apiKey: options.apiKey, connection });
  const visitor = new Visitor(storage);
  const known = new Map<string, { at: number; answer: Promise<Resolved> }>();
  const resolve = (configId: string | null): Promise<Resolved> => {
    const id = `${configId ?? ""} ${window.location.href}`;
    const kept = known.get(id);
    if (kept && Date.now() - kept.at < FRESH_MS) return kept.answer;
    const answer = api.resolve(window.location.href, configId, visitor.number);
    known.set(id, { at: Date.now(), answer });
    answer.then(
      ({ router }) => router.split && visitor.keep(),
      () => known.delete(id),
    );
    return answer;
  };
  return { api, connection, storage, phone: options.phone, resolve, dress: options.dress };
}
