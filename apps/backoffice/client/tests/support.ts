import { libraryOf, type Library } from "../src/model/library";
import { EMPTY, type Catalogue, type Doc, type EditorEdge, type EditorNode, type Kind, type Service } from "../src/model/types";

const KINDS: Record<string, Kind> = { q: "question_reference", a: "answer_reference", s: "service_reference" };

/** A node named by its kind: `q1` is a question, `a1` an answer in words, `s1` a service. Its title is its name. */
export function node(name: string, values: Partial<EditorNode> = {}): EditorNode {
  const type = KINDS[name.charAt(0)] ?? "answer_reference";
  return {
    id: name,
    type,
    question_id: type === "question_reference" ? `question-${name}` : null,
    answer_id: null,
    service_id: type === "service_reference" ? `service-${name}` : null,
    words: type === "answer_reference" ? { title: name, description: "", icon: "" } : null,
    category_id: null,
    x: 0,
    y: 0,
    ...values,
  };
}

/** A document from lines such as `q1>a1>s1`: nodes and ways appear in the order in which they are named. */
export function draw(...lines: string[]): Doc {
  const nodes = new Map<string, EditorNode>();
  const edges: EditorEdge[] = [];
  for (const line of lines) {
    const names = line.split(">");
    for (const name of names) if (!nodes.has(name)) nodes.set(name, node(name));
    names.slice(1).forEach((target, index) => edges.push({ id: `${names[index]}>${target}`, source: names[index] ?? "", target }));
  }
  return { ...EMPTY, nodes: [...nodes.values()], edges };
}

export function service(id: string, values: Partial<Service> = {}): Service {
  return { id, title: id, description: "", icon: "", duration_minutes: 60, price: null, currency: "USD", price_note: "", active: true, ...values };
}

/** Questions and services for every node of a document that `draw` made. */
export function catalogueOf(doc: Doc): Catalogue {
  const questions = doc.nodes.flatMap((one) =>
    one.question_id ? [{ id: one.question_id, title: one.id, description: "", icon: "", help_text: "", unique_name: one.id, used_in: [], answers: [] }] : [],
  );
  const services = doc.nodes.flatMap((one) => (one.service_id ? [service(one.service_id, { title: one.id })] : []));
  return { questions, services, categories: [] };
}

export function libraryFor(doc: Doc): Library {
  return libraryOf(catalogueOf(doc), doc);
}

export function waysOf(doc: Doc): string[] {
  return doc.edges.map((edge) => `${edge.source}>${edge.target}`);
}
