import type { GraphNode } from "@widget/api/types";

export type Id = string;
/** As the published document calls them. */
export type Kind = GraphNode["type"];

export interface Words {
  title: string;
  description: string;
  icon: string;
}

export interface Place {
  x: number;
  y: number;
}

/** One node as the server stores it; exactly one of the three ids and `words` is set, but for what is not chosen yet. */
export interface EditorNode extends Place {
  id: Id;
  type: Kind;
  question_id: Id | null;
  answer_id: Id | null;
  service_id: Id | null;
  words: Words | null;
  category_id: Id | null;
}

export interface EditorEdge {
  id: Id;
  source: Id;
  target: Id;
}

/** A question that is written here and saved with the graph. */
export interface NewQuestion extends Words {
  id: Id;
  help_text: string;
}

/** A new answer in a question's own list; with a service it books that one. */
export interface NewAnswer extends Words {
  id: Id;
  question_id: Id;
  category_id: Id | null;
  service_id: Id | null;
}

/** Everything that an edit can change and an undo brings back. The edges of a node stand in the order of its choices. */
export interface Doc {
  nodes: readonly EditorNode[];
  edges: readonly EditorEdge[];
  newQuestions: readonly NewQuestion[];
  newAnswers: readonly NewAnswer[];
}

export interface Answer extends Words {
  id: Id;
  category_id: Id | null;
  service_id: Id | null;
}

export interface Question extends Words {
  id: Id;
  unique_name: string;
  help_text: string;
  /** Titles of the flows that ask it. */
  used_in: string[];
  answers: Answer[];
}

export interface Service extends Words {
  id: Id;
  duration_minutes: number;
  /** Decimal as text; null means that it is quoted on site. */
  price: string | null;
  currency: string;
  price_note: string;
  active: boolean;
}

export interface Category extends Words {
  id: Id;
}

/** What the business has, for every graph to choose from. */
export interface Catalogue {
  questions: Question[];
  services: Service[];
  categories: Category[];
}

export const EMPTY: Doc = { nodes: [], edges: [], newQuestions: [], newAnswers: [] };
