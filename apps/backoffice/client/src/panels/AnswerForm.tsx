import { useState } from "react";
import { useEditor } from "../state";
import { addAnswer, patchAnswer, patchNode } from "../model/edits";
import { newId } from "../model/ids";
import { lengthAndPrice } from "../model/library";
import { linksOf } from "../model/links";
import type { EditorNode, NewAnswer, Question, Words } from "../model/types";
import { Button } from "../parts/Button";
import { SelectField, TextField } from "../parts/Field";
import { Picker, type Option } from "../parts/Picker";
import { IconField } from "./IconField";
import { usePlaces } from "./places";

/** An answer: in words that are used here only, or one of its question's own. */
export function AnswerForm({ node }: { node: EditorNode }) {
  const { doc, catalogue } = useEditor();
  const kept = catalogue.questions.some((question) => question.answers.some((answer) => answer.id === node.answer_id));
  const fresh = kept ? undefined : doc.newAnswers.find((answer) => answer.id === node.answer_id);
  return (
    <>
      {node.words ? <InlineWords node={node} words={node.words} /> : fresh ? <NewWords answer={fresh} /> : <KeptWords node={node} />}
      {!fresh && <Heading value={node.category_id} inherited={node.words === null} patch={(category_id) => (before) => patchNode(before, node.id, { category_id })} />}
      <FromTheQuestion node={node} />
    </>
  );
}

function InlineWords({ node, words }: { node: EditorNode; words: Words }) {
  const { edit } = useEditor();
  const set = (name: keyof Words) => (value: string) => edit((doc) => patchNode(doc, node.id, { words: { ...words, [name]: value } }), `${node.id}.${name}`);
  return (
    <>
      <TextField first required label="Answer" value={words.title} max={120} onChange={set("title")} />
      <TextField label="A line of help" value={words.description} max={1000} rows={2} onChange={set("description")} />
      <IconField value={words.icon} onChange={set("icon")} />
    </>
  );
}

function NewWords({ answer }: { answer: NewAnswer }) {
  const { edit, library } = useEditor();
  const service = library.service(answer.service_id);
  const set = (name: keyof NewAnswer) => (value: string) => edit((doc) => patchAnswer(doc, answer.id, { [name]: value }), `${answer.id}.${name}`);
  return (
    <>
      {service && <p className="ge-card">Books “{service.title}” straight away.</p>}
      <TextField first required={!service} label="Answer" hint={service ? "Empty: the service's own title." : ""} value={answer.title} max={120} onChange={set("title")} />
      <TextField label="A line of help" value={answer.description} max={1000} rows={2} onChange={set("description")} />
      <IconField value={answer.icon} onChange={set("icon")} />
      <Heading value={answer.category_id} inherited={false} patch={(category_id) => (doc) => patchAnswer(doc, answer.id, { category_id })} />
      <p className="ge-hint">New in its question’s own answers, for every flow to use.</p>
    </>
  );
}

function KeptWords({ node }: { node: EditorNode }) {
  const { library, catalogue, edit } = useEditor();
  const places = usePlaces();
  const answer = library.answer(node.answer_id);
  const question = catalogue.questions.find((one) => one.answers.some((candidate) => candidate.id === node.answer_id));
  if (!answer) return <p className="ge-warn">This answer does not exist any more. Choose another, or take it out.</p>;
  const service = library.service(answer.service_id);
  const { title, description, icon } = answer;
  return (
    <div className="ge-card">
      <strong>{title}</strong>
      {description && <p>{description}</p>}
      {service && <p>Books {service.title}.</p>}
      <p className="ge-hint">
        {question && (
          <>
            One of the answers of “{question.title}”.{" "}
            <a className="ge-link" data-ge-first href={places.question(question.id)} target="_blank" rel="noreferrer">
              Edit it there
            </a>
          </>
        )}
      </p>
      {!service && (
        <Button icon="edit" label="Use words of its own here" onClick={() => edit((doc) => patchNode(doc, node.id, { answer_id: null, words: { title, description, icon } }))} />
      )}
    </div>
  );
}

interface HeadingProps {
  value: string | null;
  inherited: boolean;
  patch(categoryId: string | null): Parameters<ReturnType<typeof useEditor>["edit"]>[0];
}

function Heading({ value, inherited, patch }: HeadingProps) {
  const { catalogue, edit } = useEditor();
  if (catalogue.categories.length === 0) return null;
  const none = { value: "", label: inherited ? "As the answer says" : "None" };
  const options = [none, ...catalogue.categories.map((category) => ({ value: category.id, label: category.title }))];
  return <SelectField label="Stands under the heading" value={value ?? ""} options={options} onChange={(chosen) => edit(patch(chosen || null))} />;
}

/** Answers that the question above has, and making this one of them: with a service, it books that. */
function FromTheQuestion({ node }: { node: EditorNode }) {
  const [open, setOpen] = useState<"answers" | "services" | null>(null);
  const { edit } = useEditor();
  const question = useQuestionAbove(node);
  const options = useOptions(node, question);
  if (!question) return null;
  if (open === "answers") {
    return <Picker label={`Answers of “${question.title}”`} placeholder="Look for an answer" options={options.answers} onClose={() => setOpen(null)} />;
  }
  if (open === "services") {
    return <Picker label="Which service does it book?" placeholder="Look for a service" options={options.services} onClose={() => setOpen(null)} />;
  }
  const keep = (): void => {
    const answer = { id: newId(), question_id: question.id, category_id: node.category_id, service_id: null, ...(node.words ?? { title: "", description: "", icon: "" }) };
    edit((doc) => patchNode(addAnswer(doc, answer), node.id, { answer_id: answer.id, words: null, category_id: null }));
  };
  return (
    <div className="ge-row">
      {options.answers.length > 0 && <Button icon="swap_horiz" label="Use an answer of the question" onClick={() => setOpen("answers")} />}
      {node.words && <Button icon="playlist_add" label="Keep it for other flows" title="Adds it to the question's own answers" onClick={keep} />}
      {node.words && <Button icon="event_available" label="Let it book a service" onClick={() => setOpen("services")} />}
    </div>
  );
}

function useQuestionAbove(node: EditorNode): Question | null {
  const { doc, library } = useEditor();
  const source = linksOf(doc).into.get(node.id)?.[0]?.source;
  return library.question(doc.nodes.find((candidate) => candidate.id === source)?.question_id ?? null);
}

function useOptions(node: EditorNode, question: Question | null): { answers: Option[]; services: Option[] } {
  const { catalogue, library, edit } = useEditor();
  const answers = (question?.answers ?? [])
    .filter((answer) => answer.id !== node.answer_id)
    .map((answer) => ({
      key: answer.id,
      group: "Answers",
      label: answer.title,
      ...(answer.service_id ? { detail: `books ${library.service(answer.service_id)?.title ?? ""}` } : {}),
      icon: "chat_bubble",
      run: () => edit((doc) => patchNode(doc, node.id, { answer_id: answer.id, words: null })),
    }));
  const services = catalogue.services
    .filter((service) => service.active)
    .map((service) => ({
      key: service.id,
      group: "Services",
      label: service.title,
      detail: lengthAndPrice(service),
      icon: "home_repair_service",
      run: () => {
        if (!question) return;
        const words = node.words ?? { title: "", description: "", icon: "" };
        const answer = { id: newId(), question_id: question.id, category_id: node.category_id, service_id: service.id, ...words };
        edit((doc) => patchNode(addAnswer(doc, answer), node.id, { answer_id: answer.id, words: null, category_id: null }));
      },
    }));
  return { answers, services };
}
