import type { Answer, Catalogue, Category, Doc, EditorNode, Id, NewAnswer, NewQuestion, Question, Service } from "./types";

/** The business's content and what is new in this graph, by id. */
export interface Library {
  question(id: Id | null): Question | null;
  answer(id: Id | null): Answer | null;
  service(id: Id | null): Service | null;
  category(id: Id | null): Category | null;
}

/** Finds content wherever it stands: in the catalogue, or among what is written here. */
export function libraryOf(catalogue: Catalogue, news: Pick<Doc, "newQuestions" | "newAnswers">): Library {
  const services = byId(catalogue.services);
  const categories = byId(catalogue.categories);
  const questions = byId([...news.newQuestions.map(asQuestion), ...catalogue.questions]);
  const answers = byId([...news.newAnswers.map((answer) => asAnswer(answer, services)), ...catalogue.questions.flatMap((question) => question.answers)]);
  return {
    question: (id) => (id === null ? null : (questions.get(id) ?? null)),
    answer: (id) => (id === null ? null : (answers.get(id) ?? null)),
    service: (id) => (id === null ? null : (services.get(id) ?? null)),
    category: (id) => (id === null ? null : (categories.get(id) ?? null)),
  };
}

function byId<T extends { id: Id }>(rows: readonly T[]): Map<Id, T> {
  return new Map(rows.map((row) => [row.id, row]));
}

function asQuestion(question: NewQuestion): Question {
  return { ...question, unique_name: "", used_in: [], answers: [] };
}

/** A service's answer without words of its own shows the service's, as the server does. */
function asAnswer(answer: NewAnswer, services: Map<Id, Service>): Answer {
  const service = answer.service_id === null ? undefined : services.get(answer.service_id);
  return {
    ...answer,
    title: answer.title || (service?.title ?? ""),
    description: answer.description || (service?.description ?? ""),
    icon: answer.icon || (service?.icon ?? ""),
  };
}

/** What a node says; empty where nothing is chosen or written yet. */
export function titleOf(node: EditorNode, library: Library): string {
  if (node.type === "question_reference") return library.question(node.question_id)?.title ?? "";
  if (node.type === "service_reference") return library.service(node.service_id)?.title ?? "";
  return node.words?.title ?? library.answer(node.answer_id)?.title ?? "";
}

/** The service that meeting a node selects. */
export function serviceIdOf(node: EditorNode, library: Library): Id | null {
  return node.service_id ?? library.answer(node.answer_id)?.service_id ?? null;
}

/** The service that an answer books straight away, in words below it. */
export function underlineOf(node: EditorNode, library: Library): string {
  if (node.type === "question_reference") return library.question(node.question_id)?.help_text ?? "";
  if (node.type === "answer_reference") {
    const service = library.service(library.answer(node.answer_id)?.service_id ?? null);
    if (service) return `books ${service.title}`;
    return node.words?.description ?? library.answer(node.answer_id)?.description ?? "";
  }
  const service = library.service(node.service_id);
  if (!service) return "";
  return service.active ? lengthAndPrice(service) : "switched off";
}

/** “45 min · USD 129.00”. */
export function lengthAndPrice(service: Service): string {
  const hours = Math.floor(service.duration_minutes / 60);
  const minutes = service.duration_minutes % 60;
  const length = [hours ? `${hours} h` : "", minutes ? `${minutes} min` : ""].filter(Boolean).join(" ");
  return [length, service.price === null ? "" : `${service.currency} ${service.price}`].filter(Boolean).join(" · ");
}
