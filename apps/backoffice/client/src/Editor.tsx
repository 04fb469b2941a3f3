import { useReactFlow } from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Canvas } from "./canvas/Canvas";
import type { Highlight } from "./canvas/flowNodes";
import { DeskContext, type Asking, type Desk, type PanelName } from "./desk";
import { EditorContext, type EditorState } from "./state";
import { moveNodes } from "./model/edits";
import { tidy } from "./model/layout";
import { NODE_HEIGHT, NODE_WIDTH } from "./model/sizes";
import type { Id } from "./model/types";
import { revealed } from "./model/viewport";
import { followOptions } from "./panels/followOptions";
import { ConflictDialog, NoticeBar, RescueBar, Shortcuts } from "./panels/dialogs";
import { OutlinePanel } from "./panels/OutlinePanel";
import { PartPanel } from "./panels/PartPanel";
import { ProblemsPanel } from "./panels/ProblemsPanel";
import { SearchBox } from "./panels/SearchBox";
import { Toolbar } from "./panels/Toolbar";
import { WalkPanel } from "./panels/WalkPanel";
import { Button } from "./parts/Button";
import { Picker } from "./parts/Picker";
import { useShortcuts } from "./shortcuts";

const TITLES: Record<PanelName, string> = { part: "Edit", problems: "Problems", walk: "As a customer walks it", outline: "As a list" };
/** Below this zoom the words of a part cannot be read. */
const READABLE = 0.7;
const FIT = { padding: 0.12, maxZoom: 1 };

/** The whole editor: toolbar, canvas, and the panel beside it. */
export function Editor({ state }: { state: EditorState }) {
  const flow = useReactFlow();
  const frame = useRef<HTMLDivElement>(null);
  const [panel, setPanel] = useState<PanelName | null>(null);
  const [selection, setSelection] = useState<ReadonlySet<Id>>(new Set());
  const [selectedEdge, setSelectedEdge] = useState<Id | null>(null);
  const [highlight, light] = useState<Highlight | null>(null);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [focusOn, setFocusOn] = useState<Desk["focusOn"]>(null);
  const [searching, setSearching] = useState(false);
  const [helping, setHelping] = useState(false);
  const [full, setFull] = useState(false);
  const { doc } = state;
  const nodes = useRef(doc.nodes);
  nodes.current = doc.nodes;

  const show = useCallback<Desk["show"]>(
    (ids, options = {}) => {
      // After this edit has been drawn: what is to be shown may be new.
      requestAnimationFrame(() => {
        const wanted = nodes.current.filter((node) => ids.includes(node.id));
        if (wanted.length === 0) return;
        const [only] = wanted;
        const viewport = flow.getViewport();
        const box = frame.current?.getBoundingClientRect();
        if (wanted.length > 1 || !only) void flow.fitView({ nodes: wanted.map(({ id }) => ({ id })), padding: 0.16, maxZoom: 1, minZoom: 0.2 });
        else if (!options.centre && box && viewport.zoom >= READABLE) void flow.setViewport(revealed(viewport, only, box));
        else {
          const zoom = Math.max(viewport.zoom, READABLE);
          void flow.setCenter(only.x + NODE_WIDTH / 2, only.y + NODE_HEIGHT / 2 - (options.centre?.below ?? 0) / zoom, { zoom });
        }
      });
    },
    [flow],
  );
  const openPanel = useCallback((name: PanelName | null) => {
    setPanel(name);
    light(null);
  }, []);
  const select = useCallback<Desk["select"]>(
    (ids, options = {}) => {
      const wanted = new Set(ids);
      setSelection(wanted);
      setSelectedEdge(null);
      const [first] = wanted;
      setFocusOn(options.edit && first ? { id: first } : null);
      // What is edited stands in the panel; walking and reading go on while parts are selected.
      if (options.edit) setPanel("part");
      else if (wanted.size > 0) setPanel((before) => before ?? "part");
      if (options.show) show([...wanted]);
    },
    [show],
  );
  const selectEdge = useCallback((id: Id | null) => {
    setSelectedEdge(id);
    if (id) setPanel((before) => before ?? "part");
  }, []);
  const ask = useCallback((wanted: Asking) => setAsking(wanted), []);
  const desk = useMemo<Desk>(
    () => ({ panel, selection, selectedEdge, focusOn, openPanel, select, selectEdge, show, light, ask }),
    [panel, selection, selectedEdge, focusOn, openPanel, select, selectEdge, show, ask],
  );

  const tidyUp = (): void => {
    state.edit((before) => moveNodes(before, tidy(before)));
    requestAnimationFrame(() => requestAnimationFrame(() => void flow.fitView(FIT)));
  };
  const askedAt = (): Asking | null => {
    if (!asking || asking.from || asking.at) return asking;
    const box = frame.current?.getBoundingClientRect();
    const centre = box ? flow.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top + box.height / 2 }) : { x: 0, y: 0 };
    return { ...asking, at: { x: centre.x - NODE_WIDTH / 2, y: centre.y - NODE_HEIGHT / 2 } };
  };
  useShortcuts({
    save: () => void state.save(),
    undo: state.undo,
    redo: state.redo,
    search: () => setSearching(true),
    help: () => setHelping(true),
    tidy: tidyUp,
    fit: () => void flow.fitView(FIT),
  });
  useEffect(() => {
    // Questions and services may have been edited in the tab that has just been left.
    const back = (): void => void (document.visibilityState === "visible" && state.refresh());
    document.addEventListener("visibilitychange", back);
    return () => document.removeEventListener("visibilitychange", back);
  }, [state.refresh]);

  const wanted = askedAt();
  return (
    <EditorContext value={state}>
      <DeskContext value={desk}>
        <div className={full ? "ge-editor ge-full" : "ge-editor"}>
          <Toolbar full={full} onTidy={tidyUp} onSearch={() => setSearching(true)} />
          <RescueBar />
          <div className="ge-desk">
            <div className="ge-stage" ref={frame}>
              <Canvas highlight={highlight} full={full} onFull={() => setFull(!full)} onHelp={() => setHelping(true)} />
              {doc.nodes.length === 0 && !asking && <FirstQuestion onStart={() => setAsking({ from: null, at: { x: 0, y: 0 }, screen: null })} />}
              {searching && <SearchBox onClose={() => setSearching(false)} />}
              {wanted && (
                <Popover key={wanted.from ?? "new"} at={wanted.screen} onLeave={() => setAsking(null)}>
                  <Picker
                    label={wanted.from ? "What should follow?" : "What do you want to add?"}
                    placeholder="Write, or look for what you have"
                    options={followOptions(state, desk, wanted)}
                    onClose={() => setAsking(null)}
                  />
                </Popover>
              )}
              <NoticeBar />
            </div>
            {panel && (
              <aside className="ge-panel" aria-label={TITLES[panel]}>
                <div className="ge-panel-head">
                  <h2>{TITLES[panel]}</h2>
                  <Button iconOnly icon="close" label="Close this panel" onClick={() => openPanel(null)} />
                </div>
                {panel === "part" && <PartPanel />}
                {panel === "problems" && <ProblemsPanel />}
                {panel === "walk" && <WalkPanel />}
                {panel === "outline" && <OutlinePanel />}
              </aside>
            )}
          </div>
          {helping && <Shortcuts onClose={() => setHelping(false)} />}
          <ConflictDialog />
        </div>
      </DeskContext>
    </EditorContext>
  );
}

function FirstQuestion({ onStart }: { onStart(): void }) {
  return (
    <div className="ge-empty">
      <span className="material-symbols-outlined" aria-hidden="true">
        account_tree
      </span>
      <h2>Start with the first question</h2>
      <p>Ask what customers need. Each answer leads to another question, or to the service that they book.</p>
      <Button look="main" icon="add" label="Write the first question" onClick={onStart} />
    </div>
  );
}

/** Opens where the pointer was, as far as it fits; without a place, in the middle. */
function Popover({ at, onLeave, children }: { at: Asking["screen"]; onLeave(): void; children: React.ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const own = box.current;
    const stage = own?.parentElement;
    if (!own || !stage || !at) return;
    const left = Math.max(8, Math.min(at.x, stage.clientWidth - own.offsetWidth - 8));
    const top = Math.max(8, Math.min(at.y, stage.clientHeight - own.offsetHeight - 8));
    own.style.setProperty("--ge-left", `${left}px`);
    own.style.setProperty("--ge-top", `${top}px`);
    own.classList.add("ge-placed");
  }, [at]);
  useEffect(() => {
    const outside = (event: PointerEvent): void => {
      if (!(event.target instanceof Node && box.current?.contains(event.target))) onLeave();
    };
    addEventListener("pointerdown", outside, true);
    return () => removeEventListener("pointerdown", outside, true);
  }, []);
  return (
    <div ref={box} className="ge-popover">
      {children}
    </div>
  );
}
