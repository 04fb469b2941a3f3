import type { EditorState } from "../state";
import type { Asking, Desk } from "../desk";
import { addNode, addQuestion, blankNode, connect, freePlace, placeAfter } from "../model/edits";
import { newId } from "../model/ids";
import { KINDS, LEGAL_TARGETS } from "../model/kinds";
import { whyNot } from "../model/legal";
import { lengthAndPrice, titleOf } from "../model/library";
import { linksOf } from "../model/links";
import type { Doc, EditorNode, Id, Kind, NewQuestion } from "../model/types";
import type { Option } from "../parts/Picker";

/** Everything that may follow a node, or stand at a place: only kinds that are legal there. */
export function followOptions(editor: EditorState, desk: Desk, asking: Asking): Option[] {
  const source = editor.doc.nodes.find((node) => node.id === asking.from) ?? null;
  const kinds: readonly Kind[] = source ? LEGAL_TARGETS[source.type] : ["question_reference", "answer_reference", "service_reference"];
  const put = adder(editor, desk, asking);
  return [
    ...(kinds.includes("question_reference") ? [newQuestion(editor, put)] : []),
    ...(kinds.includes("answer_reference") ? [newAnswer(put), ...ownAnswers(editor, source, put)] : []),
    ...(kinds.includes("service_reference") ? services(editor, put) : []),
    ...(kinds.includes("question_reference") ? questions(editor, put) : []),
    ...(source ? existing(editor, desk, source.id) : []),
  ];
}

type Put = (kind: Kind, content: Partial<EditorNode>, before?: (doc: Doc) => Doc) => void;

function adder(editor: EditorState, desk: Desk, asking: Asking): Put {
  return (kind, content, before = (doc) => doc) => {
    const wanted = asking.at ?? (asking.from ? placeAfter(editor.doc, asking.from) : { x: 0, y: 0 });
    const node = blankNode(kind, freePlace(editor.doc, wanted), content);
    editor.edit((doc) => addNode(before(doc), node, asking.from));
    desk.select([node.id], { edit: true, show: asking.at === null });
  };
}

export function blankQuestion(title: string): NewQuestion {
  return { id: newId(), title: title || "New question", description: "", icon: "", help_text: "" };
}

function newQuestion(editor: EditorState, put: Put): Option {
  return {
    key: "new-question",
    group: "New",
    label: editor.doc.nodes.length === 0 ? "Write the first question" : "Write a new question",
    icon: KINDS.question_reference.icon,
    always: true,
    run: (typed) => {
      const question = blankQuestion(typed);
      put("question_reference", { question_id: question.id }, (doc) => addQuestion(doc, question));
    },
  };
}

function newAnswer(put: Put): Option {
  return {
    key: "new-answer",
    group: "New",
    label: "Write a new answer",
    icon: KINDS.answer_reference.icon,
    always: true,
    run: (typed) => put("answer_reference", { words: { title: typed || "New answer", description: "", icon: "" } }),
  };
}

/** The question's own answers that do not stand below it yet. */
function ownAnswers(editor: EditorState, source: EditorNode | null, put: Put): Option[] {
  const question = editor.library.question(source?.question_id ?? null);
  if (!source || !question) return [];
  const below = new Set((linksOf(editor.doc).out.get(source.id) ?? []).map((edge) => edge.target));
  const used = new Set(editor.doc.nodes.filter((node) => below.has(node.id)).map((node) => node.answer_id));
  return question.answers
    .filter((answer) => !used.has(answer.id))
    .map((answer) => ({
      key: answer.id,
      group: "Answers of this question",
      label: answer.title,
      ...(answer.service_id ? { detail: `books ${editor.library.service(answer.service_id)?.title ?? ""}` } : {}),
      icon: KINDS.answer_reference.icon,
      run: () => put("answer_reference", { answer_id: answer.id }),
    }));
}

function services(editor: EditorState, put: Put): Option[] {
  return editor.catalogue.services
    .filter((service) => service.active)
    .map((service) => ({
      key: service.id,
      group: "Services",
      label: service.title,
      detail: lengthAndPrice(service),
      icon: KINDS.service_reference.icon,
      run: () => put("service_reference", { service_id: service.id }),
    }));
}

function questions(editor: EditorState, put: Put): Option[] {
  return editor.catalogue.questions.map((question) => ({
    key: question.id,
    group: "Questions that you have",
    label: question.title,
    detail: usedIn(question.used_in),
    icon: KINDS.question_reference.icon,
    run: () => put("question_reference", { question_id: question.id }),
  }));
}

/** What is on the canvas already and may follow. */
function existing(editor: EditorState, desk: Desk, from: Id): Option[] {
  const { doc, library } = editor;
  return doc.nodes
    .filter((node) => whyNot(doc, library, from, node.id) === null)
    .map((node) => ({
      key: `node-${node.id}`,
      group: "In this graph already",
      label: titleOf(node, library) || "Nothing here yet",
      detail: "connect",
      icon: KINDS[node.type].icon,
      run: () => {
        editor.edit((before) => connect(before, from, node.id));
        desk.select([from], { show: false });
      },
    }));
}

export function usedIn(flows: readonly string[]): string {
  if (flows.length === 0) return "not used yet";
  return flows.length === 1 ? `used in ${flows[0]}` : `used in ${flows.length} flows`;
}
