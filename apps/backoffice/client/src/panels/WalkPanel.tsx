import { backTo, isComplete, picksOf, walk, type Choice, type Walk } from "@widget/engine/graph";
import { useEffect, useMemo, useRef, useState } from "react";
import { useDesk } from "../desk";
import { useEditor } from "../state";
import { configOf, surroundings, walkable } from "../model/config";
import { lengthAndPrice } from "../model/library";
import type { Id } from "../model/types";
import { Button } from "../parts/Button";
import { Symbol } from "../parts/Symbol";

/** The graph as the conversation that customers have, by the widget's own engine; the canvas shows where one is. */
export function WalkPanel() {
  const editor = useEditor();
  const desk = useDesk();
  const [picks, setPicks] = useState<readonly Id[]>([]);
  const config = useMemo(() => walkable(configOf(editor.doc, editor.library)), [editor.doc, editor.library]);
  const walked = useMemo(() => walk(config, picks), [config, picks]);
  const title = useRef<HTMLHeadingElement>(null);
  const { light, show } = desk;
  const way = walked.visited.join();

  useEffect(() => {
    const now = walked.visited.at(-1);
    const beside = walked.choices.map((choice) => choice.node.id);
    light({ tone: "walk", nodeIds: walked.visited, beside, now });
    if (now) show([now, ...beside]);
  }, [way]);
  useEffect(() => () => light(null), []);
  useEffect(() => {
    if (picks.length > 0) title.current?.focus();
  }, [picks]);

  if (walked.visited.length === 0) return <p className="ge-panel-body">There is no way to walk yet: write the first question.</p>;
  const choose = (choice: Choice): void => setPicks([...picksOf(walked), choice.node.id]);
  return (
    <div className="ge-panel-body ge-walk">
      <div className="ge-phone">
        {walked.answered.length > 0 && <Trail walked={walked} onBack={(position) => setPicks(backTo(walked, position))} />}
        {walked.terminal ? (
          <End walked={walked} heading={title} />
        ) : (
          <>
            <h3 ref={title} tabIndex={-1} className="ge-walk-title">
              {walked.question?.question.title || editor.opened.step.title}
            </h3>
            {walked.question?.question.description && <p>{walked.question.question.description}</p>}
            {walked.question?.question.help_text && <p className="ge-hint">{walked.question.question.help_text}</p>}
            <Groups choices={walked.choices} onChoose={choose} />
          </>
        )}
      </div>
      <div className="ge-row">
        <Button icon="undo" label="One step back" disabled={walked.answered.length === 0} onClick={() => setPicks(backTo(walked, walked.answered.length - 1))} />
        <Button icon="restart_alt" label="Start again" disabled={walked.answered.length === 0} onClick={() => setPicks([])} />
      </div>
    </div>
  );
}

function Trail({ walked, onBack }: { walked: Walk; onBack(position: number): void }) {
  const title = useTitles();
  return (
    <nav className="ge-trail" aria-label="The way so far">
      {walked.answered.map((step, position) => (
        <button key={step.choice.node.id} type="button" className="ge-chip" onClick={() => onBack(position)}>
          {title(step.choice)}
        </button>
      ))}
    </nav>
  );
}

function End({ walked, heading }: { walked: Walk; heading: React.RefObject<HTMLHeadingElement | null> }) {
  const { library } = useEditor();
  const service = library.service(walked.serviceId);
  if (!isComplete(walked) || !service) {
    return (
      <>
        <h3 ref={heading} tabIndex={-1} className="ge-walk-title">
          Here it ends, without a service
        </h3>
        <p className="ge-warn">A customer could not book anything. Add a service to this way.</p>
      </>
    );
  }
  return (
    <>
      <h3 ref={heading} tabIndex={-1} className="ge-walk-title">
        They book “{service.title}”
      </h3>
      <p>{lengthAndPrice(service)}</p>
      {service.price_note && <p className="ge-hint">{service.price_note}</p>}
      {service.active ? <p className="ge-hint">The next step of the flow follows.</p> : <p className="ge-warn">This service is switched off.</p>}
    </>
  );
}

/** Choices as the widget shows them: a heading stands where its first answer does. */
function Groups({ choices, onChoose }: { choices: readonly Choice[]; onChoose(choice: Choice): void }) {
  const { catalogue, library } = useEditor();
  const { categories } = useMemo(() => surroundings(catalogue), [catalogue]);
  const title = useTitles();
  const groups = new Map<string, Choice[]>();
  for (const choice of choices) {
    const id = choice.node.type === "answer_reference" ? (choice.node.answer.category_id ?? "") : "";
    groups.set(id, [...(groups.get(id) ?? []), choice]);
  }
  if (choices.length === 0) return <p className="ge-warn">Nothing can be chosen here.</p>;
  return [...groups].map(([id, members]) => (
    <div key={id} className="ge-group">
      {id && <h4>{categories[id]?.title}</h4>}
      {members.map((choice) => {
        const service = library.service(choice.serviceId);
        const help = choice.node.type === "answer_reference" ? choice.node.answer.description : service?.description;
        return (
          <button key={choice.node.id} type="button" className="ge-pick" onClick={() => onChoose(choice)}>
            <span>
              <strong>{title(choice)}</strong>
              {help && <small>{help}</small>}
              {service && <small>{lengthAndPrice(service)}</small>}
            </span>
            <Symbol name="chevron_right" />
          </button>
        );
      })}
    </div>
  ));
}

function useTitles(): (choice: Choice) => string {
  const { library } = useEditor();
  return ({ node, serviceId }) => {
    const own = node.type === "answer_reference" ? node.answer.title : node.type === "question_reference" ? node.question.title : "";
    return own || library.service(serviceId)?.title || "Without words";
  };
}
