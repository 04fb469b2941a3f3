import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { focusNode, useDesk } from "../desk";
import { useEditor } from "../state";
import { KINDS } from "../model/kinds";
import { titleOf } from "../model/library";
import { search } from "../model/search";
import { Button } from "../parts/Button";
import { Symbol } from "../parts/Symbol";

const LISTED = 8;
/** How far below the middle a find is shown, so that this box does not cover it. */
const BELOW = 110;

/** Finds parts by their words; each step of Enter or an arrow brings the next one into the middle. */
export function SearchBox({ onClose }: { onClose(): void }) {
  const { doc, library } = useEditor();
  const desk = useDesk();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const found = useMemo(() => search(doc, library, text), [doc, library, text]);
  const current = found[at];
  const { light, show } = desk;

  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    light(found.length > 0 ? { tone: "found", nodeIds: found.map((node) => node.id), now: current?.id } : null);
    if (current) show([current.id], { centre: { below: BELOW } });
  }, [found, at]);
  useEffect(() => () => light(null), []);

  const leave = (): void => {
    if (current) {
      desk.select([current.id]);
      requestAnimationFrame(() => focusNode(current.id));
    }
    onClose();
  };
  const step = (by: number): void => setAt((before) => (before + by + found.length) % Math.max(found.length, 1));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") leave();
    else if (event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey)) step(1);
    else if (event.key === "ArrowUp" || event.key === "Enter") step(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="ge-search" role="search" onKeyDown={onKeyDown}>
      <div className="ge-search-line">
        <Symbol name="search" />
        <input
          ref={input}
          className="ge-input"
          type="search"
          aria-label="Find in this graph"
          placeholder="Find a question, an answer, a service"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
        />
        <span className="ge-count" role="status">
          {text.trim() && (found.length > 0 ? `${at + 1} of ${found.length}` : "none")}
        </span>
        <Button iconOnly icon="keyboard_arrow_up" label="The one before" disabled={found.length < 2} onClick={() => step(-1)} />
        <Button iconOnly icon="keyboard_arrow_down" label="The next one" disabled={found.length < 2} onClick={() => step(1)} />
        <Button iconOnly icon="close" label="Close the search" onClick={leave} />
      </div>
      {found.length > 0 && (
        <ul className="ge-found">
          {found.slice(0, LISTED).map((node, index) => (
            <li key={node.id}>
              <button type="button" className="ge-partlink" aria-current={index === at ? "true" : undefined} onClick={() => setAt(index)}>
                <Symbol name={KINDS[node.type].icon} className={`ge-ink-${KINDS[node.type].className}`} />
                <span>
                  <span className="ge-sr">{KINDS[node.type].title}: </span>
                  {titleOf(node, library)}
                </span>
              </button>
            </li>
          ))}
          {found.length > LISTED && <li className="ge-hint">and {found.length - LISTED} more: write another word</li>}
        </ul>
      )}
    </div>
  );
}
