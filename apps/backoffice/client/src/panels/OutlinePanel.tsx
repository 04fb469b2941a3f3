import { useMemo } from "react";
import { useDesk } from "../desk";
import { useEditor } from "../state";
import { KINDS } from "../model/kinds";
import { titleOf } from "../model/library";
import { outlineOf } from "../model/outline";
import { Symbol } from "../parts/Symbol";

const DEEPEST = 10;

/** The graph as a list: for reading, for screen readers, and for a phone. */
export function OutlinePanel() {
  const { doc, library } = useEditor();
  const desk = useDesk();
  const lines = useMemo(() => outlineOf(doc), [doc]);
  if (lines.length === 0) return <p className="ge-panel-body">Nothing yet. Begin with the question that customers are asked first.</p>;
  return (
    <ul className="ge-panel-body ge-outline">
      {lines.map(({ node, depth, repeated, loose }, index) => (
        <li key={`${node.id}-${index}`} className={`ge-depth-${Math.min(depth, DEEPEST)}`}>
          <button
            type="button"
            className="ge-partlink"
            aria-current={desk.selection.has(node.id) ? "true" : undefined}
            onClick={() => desk.select([node.id], { show: true, edit: false })}
          >
            <Symbol name={KINDS[node.type].icon} className={`ge-ink-${KINDS[node.type].className}`} />
            <span>
              <span className="ge-sr">{KINDS[node.type].title}: </span>
              {titleOf(node, library) || "Nothing here yet"}
              {repeated && <small> goes on as above</small>}
              {loose && depth === 0 && <small> nothing leads here</small>}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
