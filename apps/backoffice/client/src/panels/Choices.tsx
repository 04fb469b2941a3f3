import { useState, type DragEvent } from "react";
import { useDesk } from "../desk";
import { useEditor } from "../state";
import { moveChoice, removeEdge } from "../model/edits";
import { KINDS } from "../model/kinds";
import { titleOf } from "../model/library";
import { linksOf } from "../model/links";
import type { EditorEdge, EditorNode } from "../model/types";
import { Button } from "../parts/Button";
import { Symbol } from "../parts/Symbol";

const HEADINGS = { question_reference: "Choices, in this order", answer_reference: "What follows", service_reference: "What follows" };

/** What a node leads to: in the order in which customers see it; dragged or moved by buttons. */
export function Choices({ node }: { node: EditorNode }) {
  const { doc, edit } = useEditor();
  const desk = useDesk();
  const [held, setHeld] = useState<string | null>(null);
  const ways = linksOf(doc).out.get(node.id) ?? [];
  const drop = (event: DragEvent, position: number): void => {
    event.preventDefault();
    if (held) edit((before) => moveChoice(before, held, position));
    setHeld(null);
  };
  return (
    <section className="ge-section">
      <h3>{HEADINGS[node.type]}</h3>
      {ways.length > 0 && (
        <ol className="ge-choices">
          {ways.map((edge, index) => (
            <li
              key={edge.id}
              draggable
              className={held === edge.id ? "ge-choice ge-held" : "ge-choice"}
              onDragStart={() => setHeld(edge.id)}
              onDragEnd={() => setHeld(null)}
              onDragOver={(event) => held && event.preventDefault()}
              onDrop={(event) => drop(event, index)}
            >
              <Symbol name="drag_indicator" className="ge-grip" />
              <PartLink edge={edge} end="target" />
              {ways.length > 1 && (
                <>
                  <Button
                    iconOnly
                    icon="arrow_upward"
                    label="Move up"
                    disabled={index === 0}
                    onClick={() => edit((before) => moveChoice(before, edge.id, index - 1))}
                  />
                  <Button
                    iconOnly
                    icon="arrow_downward"
                    label="Move down"
                    disabled={index === ways.length - 1}
                    onClick={() => edit((before) => moveChoice(before, edge.id, index + 1))}
                  />
                </>
              )}
              <Button iconOnly icon="link_off" label="Disconnect" onClick={() => edit((before) => removeEdge(before, edge.id))} />
            </li>
          ))}
        </ol>
      )}
      <Button
        icon="add"
        label={node.type === "question_reference" ? "Add a choice" : "Add what follows"}
        shortcut="N"
        onClick={() => desk.ask({ from: node.id, at: null, screen: null })}
      />
    </section>
  );
}

/** What leads to a node. */
export function Sources({ node }: { node: EditorNode }) {
  const { doc, edit } = useEditor();
  const ways = linksOf(doc).into.get(node.id) ?? [];
  if (ways.length === 0) return null;
  return (
    <section className="ge-section">
      <h3>Comes after</h3>
      <ul className="ge-choices">
        {ways.map((edge) => (
          <li key={edge.id} className="ge-choice">
            <PartLink edge={edge} end="source" />
            <Button iconOnly icon="link_off" label="Disconnect" onClick={() => edit((before) => removeEdge(before, edge.id))} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function PartLink({ edge, end }: { edge: EditorEdge; end: "source" | "target" }) {
  const { doc, library } = useEditor();
  const desk = useDesk();
  const node = doc.nodes.find((candidate) => candidate.id === edge[end]);
  if (!node) return null;
  return (
    <button type="button" className="ge-partlink" onClick={() => desk.select([node.id], { show: true })}>
      <Symbol name={KINDS[node.type].icon} className={`ge-ink-${KINDS[node.type].className}`} />
      <span>
        <span className="ge-sr">{KINDS[node.type].title}: </span>
        {titleOf(node, library) || "Nothing here yet"}
      </span>
    </button>
  );
}
