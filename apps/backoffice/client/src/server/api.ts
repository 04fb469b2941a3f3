import { newContentInUse } from "../model/edits";
import { tidy } from "../model/layout";
import type { Catalogue, Doc, EditorEdge, EditorNode } from "../model/types";

export interface Opened {
  step: { id: string; title: string; description: string };
  flow: { id: string; title: string };
  version: number;
  doc: Doc;
  catalogue: Catalogue;
}

/** What the server says instead of saving. `code` is stable (docs/errors.md). */
export interface Refusal {
  code: string;
  detail: string;
  problems: { code: string; message: string; node_ids: string[] }[];
}

export type Saved = { ok: true; version: number } | { ok: false; refusal: Refusal };

interface Sent extends Catalogue {
  step: Opened["step"];
  flow: Opened["flow"];
  version: number;
  graph: { nodes: (Omit<EditorNode, "x" | "y"> & { x: number | null; y: number | null })[]; edges: EditorEdge[] };
  csrf_token: string;
}

const UNREACHABLE: Refusal = {
  code: "UNREACHABLE",
  detail: "The server did not answer. Your changes are kept in this tab: try again in a moment.",
  problems: [],
};

const FORBIDDEN = 403;

export class Server {
  private token = "";

  constructor(private readonly url: string) {}

  /** The graph as it is stored. Raises the refusal. */
  async open(): Promise<Opened> {
    const answer = await this.fetched("GET");
    if (!answer.ok) throw await refusalOf(answer);
    const sent = (await answer.json()) as Sent;
    this.token = sent.csrf_token;
    const { step, flow, version, questions, services, categories } = sent;
    return { step, flow, version, doc: docOf(sent.graph), catalogue: { questions, services, categories } };
  }

  /** Saves all of it. Never raises: what stands in the way is part of the answer. */
  async save(doc: Doc, version: number, catalogue: Catalogue): Promise<Saved> {
    const body = JSON.stringify({ graph: graphOf(doc, catalogue), expected_version: version });
    try {
      let answer = await this.fetched("PUT", body);
      if (answer.status === FORBIDDEN) {
        await this.open(); // whoever has signed in again has another token now
        answer = await this.fetched("PUT", body);
      }
      if (answer.ok) return { ok: true, version: ((await answer.json()) as { version: number }).version };
      return { ok: false, refusal: await refusalOf(answer) };
    } catch (error) {
      return { ok: false, refusal: isRefusal(error) ? error : UNREACHABLE };
    }
  }

  private fetched(method: string, body?: string): Promise<Response> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (body !== undefined) Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": this.token });
    return fetch(this.url, { method, headers, credentials: "same-origin", cache: "no-store", ...(body === undefined ? {} : { body }) });
  }
}

function isRefusal(error: unknown): error is Refusal {
  return typeof error === "object" && error !== null && "code" in error && "problems" in error;
}

/** The document in the shape in which it is saved. What was new until the last save is in the catalogue by now. */
export function graphOf(doc: Doc, catalogue: Catalogue): Record<string, unknown> {
  const { newQuestions, newAnswers } = newContentInUse(doc, catalogue);
  return { nodes: doc.nodes, edges: doc.edges, new_questions: newQuestions, new_answers: newAnswers };
}

/** A graph that was never drawn has no places yet: it is given tidy ones. */
function docOf(graph: Sent["graph"]): Doc {
  const nodes = graph.nodes.map((node) => ({ ...node, x: node.x ?? 0, y: node.y ?? 0 }));
  const doc: Doc = { nodes, edges: graph.edges, newQuestions: [], newAnswers: [] };
  if (graph.nodes.every((node) => node.x !== null)) return doc;
  const places = tidy(doc);
  return { ...doc, nodes: nodes.map((node) => ({ ...node, ...places.get(node.id) })) };
}

async function refusalOf(answer: Response): Promise<Refusal> {
  try {
    const problem = (await answer.json()) as Partial<Refusal> & { errors?: Record<string, string[]> };
    const [place, said] = Object.entries(problem.errors ?? {})[0] ?? [];
    const detail = said ? `${problem.detail} (${place}: ${said[0]})` : problem.detail;
    return { code: problem.code ?? `HTTP_${answer.status}`, detail: detail ?? UNREACHABLE.detail, problems: problem.problems ?? [] };
  } catch {
    return { ...UNREACHABLE, code: `HTTP_${answer.status}`, detail: `The server answered with an error (${answer.status}). Your changes are kept in this tab.` };
  }
}
