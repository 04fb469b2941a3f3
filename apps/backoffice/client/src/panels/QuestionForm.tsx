import { useState } from "react";
import { useEditor } from "../state";
import { addQuestion, patchNode, patchQuestion } from "../model/edits";
import type { EditorNode, NewQuestion } from "../model/types";
import { Button } from "../parts/Button";
import { TextField } from "../parts/Field";
import { Picker } from "../parts/Picker";
import { blankQuestion, usedIn } from "./followOptions";
import { IconField } from "./IconField";
import { usePlaces } from "./places";

/** A question: one of the business's, or a new one with its words. */
export function QuestionForm({ node }: { node: EditorNode }) {
  const { doc, catalogue } = useEditor();
  const kept = catalogue.questions.some((question) => question.id === node.question_id);
  const fresh = kept ? undefined : doc.newQuestions.find((question) => question.id === node.question_id);
  return (
    <>
      {fresh ? <NewWords question={fresh} /> : <KeptWords node={node} />}
      <Replace node={node} />
    </>
  );
}

function NewWords({ question }: { question: NewQuestion }) {
  const { edit } = useEditor();
  const set = (name: keyof NewQuestion) => (value: string) => edit((doc) => patchQuestion(doc, question.id, { [name]: value }), `${question.id}.${name}`);
  return (
    <>
      <TextField first required label="Question" value={question.title} max={120} onChange={set("title")} />
      <TextField label="A hint below it" hint="Such as where to find the model number." value={question.help_text} max={300} onChange={set("help_text")} />
      <TextField label="More about it" value={question.description} max={1000} rows={2} onChange={set("description")} />
      <IconField value={question.icon} onChange={set("icon")} />
    </>
  );
}

function KeptWords({ node }: { node: EditorNode }) {
  const { library, opened } = useEditor();
  const places = usePlaces();
  const question = library.question(node.question_id);
  if (!question) return <p className="ge-warn">This question does not exist any more. Choose another, or write a new one.</p>;
  const others = question.used_in.filter((flow) => flow !== opened.flow.title);
  return (
    <div className="ge-card">
      <strong>{question.title}</strong>
      {question.help_text && <p>{question.help_text}</p>}
      {question.description && <p>{question.description}</p>}
      <p className="ge-hint">
        {others.length > 0 ? `Also used in ${others.join(", ")}: new words show there, too.` : "Only used in this flow."}{" "}
        <a className="ge-link" data-ge-first href={places.question(question.id)} target="_blank" rel="noreferrer">
          Edit its words and answers
        </a>
      </p>
    </div>
  );
}

function Replace({ node }: { node: EditorNode }) {
  const { catalogue, edit } = useEditor();
  const [open, setOpen] = useState(false);
  if (!open) return <Button icon="swap_horiz" label="Use another question" onClick={() => setOpen(true)} />;
  const options = catalogue.questions.map((question) => ({
    key: question.id,
    group: "Questions that you have",
    label: question.title,
    detail: usedIn(question.used_in),
    icon: "help",
    run: () => edit((doc) => patchNode(doc, node.id, { question_id: question.id })),
  }));
  const write = {
    key: "new",
    group: "New",
    label: "Write a new question",
    icon: "add",
    always: true,
    run: (typed: string) => {
      const question = blankQuestion(typed);
      edit((doc) => patchNode(addQuestion(doc, question), node.id, { question_id: question.id }));
    },
  };
  return <Picker label="Which question?" placeholder="Look for a question, or write one" options={[write, ...options]} onClose={() => setOpen(false)} />;
}
