import { useEffect, useRef } from "react";
import { useDesk } from "../desk";
import { useEditor } from "../state";
import { connect, removeEdge, removeNodes } from "../model/edits";
import { KINDS } from "../model/kinds";
import { whyNot } from "../model/legal";
import { titleOf } from "../model/library";
import { rootOf } from "../model/links";
import type { EditorNode } from "../model/types";
import { Button } from "../parts/Button";
import { Symbol } from "../parts/Symbol";
import { AnswerForm } from "./AnswerForm";
import { Choices, Sources } from "./Choices";
import { QuestionForm } from "./QuestionForm";
import { ServiceForm } from "./ServiceForm";

/** What is selected, to look at and to edit. */
export function PartPanel() {
  const { doc } = useEditor();
  const { selection, selectedEdge } = useDesk();
  const chosen = doc.nodes.filter((node) => selection.has(node.id));
  const [only] = chosen;
  if (chosen.length > 1) return <Several nodes={chosen} />;
  if (only) return <One key={only.id} node={only} />;
  const edge = doc.edges.find((candidate) => candidate.id === selectedEdge);
  if (edge) return <OneWay key={edge.id} edgeId={edge.id} source={edge.source} target={edge.target} />;
  return <Nothing />;
}

function One({ node }: { node: EditorNode }) {
  const { doc, edit, problems } = useEditor();
  const desk = useDesk();
  const body = useRef<HTMLDivElement>(null);
  const kind = KINDS[node.type];
  useEffect(() => {
    if (desk.focusOn?.id !== node.id) return;
    const first = body.current?.querySelector<HTMLElement>("[data-ge-first], input, button");
    first?.focus();
    if (first instanceof HTMLInputElement) first.select();
  }, [desk.focusOn]);
  const own = problems.filter((problem) => problem.nodeIds.includes(node.id));
  return (
    <div ref={body} className="ge-panel-body">
      <p className={`ge-kindline ge-ink-${kind.className}`}>
        <Symbol name={kind.icon} />
        <strong>{kind.title}</strong>
        {rootOf(doc) === node.id && <span>asked first</span>}
      </p>
      {own.slice(0, 3).map((problem) => (
        <p key={problem.message} className="ge-warn">
          <Symbol name="error" /> {problem.message}
        </p>
      ))}
      {node.type === "question_reference" && <QuestionForm node={node} />}
      {node.type === "answer_reference" && <AnswerForm node={node} />}
      {node.type === "service_reference" && <ServiceForm node={node} />}
      <Choices node={node} />
      <Sources node={node} />
      <div className="ge-row ge-apart">
        <Button
          icon="delete"
          look="danger"
          label={`Delete this ${kind.title.toLowerCase()}`}
          onClick={() => {
            edit((before) => removeNodes(before, [node.id]));
            desk.select([]);
          }}
        />
      </div>
    </div>
  );
}

function Several({ nodes }: { nodes: EditorNode[] }) {
  const { edit, library } = useEditor();
  const desk = useDesk();
  return (
    <div className="ge-panel-body">
      <p className="ge-kindline">
        <Symbol name="select_all" />
        <strong>{nodes.length} selected</strong>
      </p>
      <ul className="ge-plainlist">
        {nodes.slice(0, 12).map((node) => (
          <li key={node.id}>
            <Symbol name={KINDS[node.type].icon} className={`ge-ink-${KINDS[node.type].className}`} /> {titleOf(node, library)}
          </li>
        ))}
        {nodes.length > 12 && <li>and {nodes.length - 12} more</li>}
      </ul>
      <p className="ge-hint">Drag one of them to move all, or press Shift with the arrow keys.</p>
      <div className="ge-row">
        <Button
          icon="delete"
          look="danger"
          label="Delete them"
          onClick={() => {
            edit((before) => removeNodes(before, nodes.map((node) => node.id)));
            desk.select([]);
          }}
        />
      </div>
    </div>
  );
}

function OneWay({ edgeId, source, target }: { edgeId: string; source: string; target: string }) {
  const { doc, library, edit } = useEditor();
  const desk = useDesk();
  const name = (id: string): string => {
    const node = doc.nodes.find((candidate) => candidate.id === id);
    return node ? titleOf(node, library) : "";
  };
  const backwards = whyNot({ ...doc, edges: doc.edges.filter((edge) => edge.id !== edgeId) }, library, target, source) === null;
  return (
    <div className="ge-panel-body">
      <p className="ge-kindline">
        <Symbol name="trending_flat" />
        <strong>Connection</strong>
      </p>
      <p>
        From “{name(source)}” to “{name(target)}”.
      </p>
      <p className="ge-hint">Drag one of its ends to another part to lead it elsewhere.</p>
      <div className="ge-row">
        {backwards && <Button icon="swap_horiz" label="Turn it round" onClick={() => edit((before) => connect(removeEdge(before, edgeId), target, source))} />}
        <Button
          icon="link_off"
          look="danger"
          label="Remove it"
          onClick={() => {
            edit((before) => removeEdge(before, edgeId));
            desk.selectEdge(null);
          }}
        />
      </div>
    </div>
  );
}

function Nothing() {
  return (
    <div className="ge-panel-body">
      <p className="ge-kindline">
        <Symbol name="touch_app" />
        <strong>Choose a part to edit it</strong>
      </p>
      <ul className="ge-tips">
        <li>Press the plus of a part, or drag from it, to say what follows.</li>
        <li>A question leads to answers or services, an answer to a question or a service.</li>
        <li>Whichever way customers go, they meet exactly one service.</li>
        <li>Press ? for all shortcuts.</li>
      </ul>
    </div>
  );
}
