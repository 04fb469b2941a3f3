import { Background, BackgroundVariant, ConnectionLineType, ControlButton, Controls, MiniMap, ReactFlow, useConnection, useReactFlow, useStore, type Connection, type Edge, type EdgeChange, type FinalConnectionState, type NodeChange } from "@xyflow/react";
import { useCallback, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { focusNode, useDesk } from "../desk";
import { useEditor } from "../state";
import { connect, moveNodes, reconnect, removeEdge, removeNodes } from "../model/edits";
import { whyNot } from "../model/legal";
import { rootOf } from "../model/links";
import { neighbourOf, type Direction } from "../model/outline";
import { NODE_WIDTH } from "../model/sizes";
import type { Id, Place } from "../model/types";
import { Symbol } from "../parts/Symbol";
import { useStable } from "../parts/useStable";
import { FlowEdges, FlowNodes, type FlowNode, type Highlight } from "./flowNodes";
import { FollowContext, Part } from "./Part";

const NODE_TYPES = { part: Part };
/** From here on only what is in sight is drawn; below it, Tab reaches every node. */
const MANY_NODES = 120;
const TOO_MANY_NODES = 600;
const SELECT_MORE = ["Control", "Meta"];
const PRO = { hideAttribution: true };
const FIT = { padding: 0.12, maxZoom: 1 };
const NUDGE = 16;
const MINIMAP = { width: 156, height: 108 };
/** Smaller than this, words cannot be read: a large graph opens at its start instead of as a whole. */
const READABLE = 0.55;
/** From further away parts show their colour and title only: nobody could read more, and it is quicker to draw. */
const FAR = 0.45;
const BEGIN = { zoom: 0.75, x: 40 };
const MINIMAP_CLASSES = { question_reference: "ge-mini-question", answer_reference: "ge-mini-answer", service_reference: "ge-mini-service" };

function miniClass(node: FlowNode): string {
  return MINIMAP_CLASSES[node.data.kind];
}

interface Props {
  highlight: Highlight | null;
  /** Whether the editor fills the window. */
  full: boolean;
  onFull(): void;
  onHelp(): void;
}

/** The graph to look at and to draw in. */
export function Canvas({ highlight, full, onFull, onHelp }: Props) {
  const editor = useEditor();
  const desk = useDesk();
  const { doc, library, edit, say } = editor;
  const flow = useReactFlow<FlowNode>();
  const [dragged, setDragged] = useState<ReadonlyMap<Id, Place> | null>(null);
  const [connecting, setConnecting] = useState(false);
  const reconnecting = useRef<Id | undefined>(undefined);
  const frame = useRef<HTMLDivElement>(null);
  const far = useStore((state) => state.transform[2] < FAR);
  const builders = useRef({ nodes: new FlowNodes(), edges: new FlowEdges() }).current;
  const view = { selection: desk.selection, selectedEdge: desk.selectedEdge, highlight, dragged };
  const nodes = useMemo(
    () => builders.nodes.of(doc, library, editor.problems, view),
    [doc, library, editor.problems, desk.selection, highlight, dragged],
  );
  const edges = useMemo(() => builders.edges.of(doc, view), [doc, desk.selection, desk.selectedEdge, highlight]);

  const begin = (): void => {
    const box = frame.current?.getBoundingClientRect();
    const bounds = flow.getNodesBounds(nodes);
    const whole = box ? Math.min(box.width / (bounds.width + 80), box.height / (bounds.height + 80)) : 1;
    const root = doc.nodes.find((node) => node.id === rootOf(doc)) ?? doc.nodes[0];
    if (!box || !root || whole >= READABLE) void flow.fitView(FIT);
    else void flow.setViewport({ zoom: BEGIN.zoom, x: BEGIN.x - root.x * BEGIN.zoom, y: box.height / 2 - (root.y + 36) * BEGIN.zoom });
  };
  const onNodesChange = (changes: NodeChange<FlowNode>[]): void => {
    const places = new Map<Id, Place>();
    let moving = false;
    const selection = new Set(desk.selection);
    for (const change of changes) {
      if (change.type === "position" && change.position) {
        places.set(change.id, change.position);
        moving ||= change.dragging === true;
      } else if (change.type === "select") {
        if (change.selected) selection.add(change.id);
        else selection.delete(change.id);
      }
    }
    if (changes.some((change) => change.type === "select")) desk.select(selection);
    if (places.size === 0) return;
    setDragged(moving ? (before) => new Map([...(before ?? []), ...places]) : null);
    if (!moving) edit((before) => moveNodes(before, places));
  };
  const onEdgesChange = (changes: EdgeChange[]): void => {
    const chosen = changes.find((change) => change.type === "select" && change.selected);
    if (chosen?.type === "select") desk.selectEdge(chosen.id);
    else if (changes.some((change) => change.type === "select" && change.id === desk.selectedEdge)) desk.selectEdge(null);
  };
  const refusal = (ends: Connection | Edge): string | null => whyNot(doc, library, ends.source, ends.target, reconnecting.current);
  const follow = useCallback(
    (id: Id) => {
      const node = flow.getNode(id);
      const box = frame.current?.getBoundingClientRect();
      const beside = node && flow.flowToScreenPosition({ x: node.position.x + NODE_WIDTH + 24, y: node.position.y - 24 });
      desk.ask({ from: id, at: null, screen: beside && box ? { x: beside.x - box.left, y: beside.y - box.top } : null });
    },
    [desk.ask, flow],
  );

  const onConnectEnd = (event: MouseEvent | TouchEvent, state: FinalConnectionState): void => {
    setConnecting(false);
    if (state.isValid || !state.fromNode || reconnecting.current) return;
    if (state.toNode) {
      const why = whyNot(doc, library, state.fromNode.id, state.toNode.id);
      if (why) say({ tone: "bad", text: why });
      return;
    }
    const point = "changedTouches" in event ? event.changedTouches[0] : event;
    const box = frame.current?.getBoundingClientRect();
    if (!point || !box) return;
    const at = flow.screenToFlowPosition({ x: point.clientX, y: point.clientY });
    const moved = Math.hypot(at.x - (state.from?.x ?? at.x), at.y - (state.from?.y ?? at.y));
    if (moved < 24) return; // a click on the plus, which asks by itself
    desk.ask({ from: state.fromNode.id, at: { x: at.x, y: at.y - 36 }, screen: { x: point.clientX - box.left, y: point.clientY - box.top } });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const id = (event.target as HTMLElement).closest<HTMLElement>(".react-flow__node")?.dataset["id"];
    const ids = desk.selection.size > 0 ? [...desk.selection] : id ? [id] : [];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Delete" || event.key === "Backspace") {
      if (desk.selectedEdge && desk.selection.size === 0) edit((before) => removeEdge(before, desk.selectedEdge ?? ""));
      else if (ids.length > 0) removeAndGoOn(ids);
      else return;
    } else if (event.key === "Escape") {
      desk.select([]);
      desk.light(null);
    } else if (!id) {
      return;
    } else if (event.key === "Enter" || event.key === " ") {
      desk.select([id], { edit: event.key === "Enter" });
    } else if (event.key === "+" || event.key === "n") {
      follow(id);
    } else if (event.key.startsWith("Arrow")) {
      if (event.shiftKey) nudge(ids, event.key as Direction);
      else walkTo(neighbourOf(doc, id, event.key as Direction));
    } else {
      return;
    }
    event.preventDefault();
  };
  const removeAndGoOn = (ids: Id[]): void => {
    const next = neighbourOf(doc, ids[0] ?? "", "ArrowLeft");
    edit((before) => removeNodes(before, ids));
    say({ tone: "plain", text: `${ids.length === 1 ? "Removed" : `${ids.length} removed`}. Undo brings ${ids.length === 1 ? "it" : "them"} back.` });
    desk.select(next && !ids.includes(next) ? [next] : []);
    if (next) requestAnimationFrame(() => focusNode(next));
    else frame.current?.focus();
  };
  const walkTo = (next: Id | null): void => {
    if (!next) return;
    desk.select([next], { show: true });
    requestAnimationFrame(() => requestAnimationFrame(() => focusNode(next)));
  };
  const nudge = (ids: Id[], direction: Direction): void => {
    const dx = { ArrowLeft: -NUDGE, ArrowRight: NUDGE, ArrowUp: 0, ArrowDown: 0 }[direction];
    const dy = { ArrowUp: -NUDGE, ArrowDown: NUDGE, ArrowLeft: 0, ArrowRight: 0 }[direction];
    const places = new Map(doc.nodes.filter((node) => ids.includes(node.id)).map((node) => [node.id, { x: node.x + dx, y: node.y + dy }]));
    edit((before) => moveNodes(before, places), `nudge:${ids.join()}`);
  };

  const stable = {
    nodesChange: useStable(onNodesChange),
    edgesChange: useStable(onEdgesChange),
    begin: useStable(begin),
    doubleClick: useStable((_: unknown, node: FlowNode) => desk.select([node.id], { edit: true })),
    paneClick: useStable(() => desk.light(null)),
    connect: useStable(({ source, target }: Connection) => edit((before) => connect(before, source, target))),
    connectStart: useStable(() => setConnecting(true)),
    connectEnd: useStable(onConnectEnd),
    reconnectStart: useStable((_: unknown, edge: Edge) => {
      reconnecting.current = edge.id;
      setConnecting(true);
    }),
    reconnect: useStable((edge: Edge, { source, target }: Connection) => edit((before) => reconnect(before, edge.id, source, target))),
    reconnectEnd: useStable((_: unknown, edge: Edge, __: unknown, state: FinalConnectionState) => {
      const why = state.toNode && !state.isValid && state.fromNode ? whyNot(doc, library, state.fromNode.id, state.toNode.id, edge.id) : null;
      if (why) say({ tone: "bad", text: why });
      reconnecting.current = undefined;
      setConnecting(false);
    }),
    isValid: useStable((ends: Connection | Edge) => refusal(ends) === null),
  };
  // Far away everything is in sight anyway, and taking parts out and in again costs more than it saves.
  const onlyVisible = doc.nodes.length > (far ? TOO_MANY_NODES : MANY_NODES);

  return (
    <FollowContext value={follow}>
      <div ref={frame} className={["ge-canvas", connecting && "ge-connecting", far && "ge-far"].filter(Boolean).join(" ")} tabIndex={-1} onKeyDown={onKeyDown}>
        <ReactFlow<FlowNode>
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          onNodesChange={stable.nodesChange}
          onEdgesChange={stable.edgesChange}
          onNodeDoubleClick={stable.doubleClick}
          onPaneClick={stable.paneClick}
          onConnect={stable.connect}
          onConnectStart={stable.connectStart}
          onConnectEnd={stable.connectEnd}
          onReconnectStart={stable.reconnectStart}
          onReconnect={stable.reconnect}
          onReconnectEnd={stable.reconnectEnd}
          isValidConnection={stable.isValid}
          connectionLineType={ConnectionLineType.Bezier}
          connectionRadius={28}
          connectOnClick={false}
          edgesFocusable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          multiSelectionKeyCode={SELECT_MORE}
          zoomOnDoubleClick={false}
          onlyRenderVisibleElements={onlyVisible}
          minZoom={0.08}
          maxZoom={1.75}
          onInit={stable.begin}
          proOptions={PRO}
          aria-label="The graph"
        >
          <Background variant={BackgroundVariant.Dots} gap={20} size={1.5} />
          <MiniMap<FlowNode> pannable zoomable ariaLabel="The whole graph in small" nodeClassName={miniClass} nodeBorderRadius={12} style={MINIMAP} />
          <Controls showInteractive={false} fitViewOptions={FIT}>
            <Tool icon={full ? "close_fullscreen" : "open_in_full"} label={full ? "Leave the full window" : "Use the full window"} onClick={onFull} />
            <Tool icon="keyboard" label="Shortcuts (?)" onClick={onHelp} />
          </Controls>
          <WhyNot sentence={(source, target) => whyNot(doc, library, source, target, reconnecting.current)} />
        </ReactFlow>
      </div>
    </FollowContext>
  );
}

function Tool({ icon, label, onClick }: { icon: string; label: string; onClick(): void }) {
  return (
    <ControlButton aria-label={label} title={label} onClick={onClick}>
      <Symbol name={icon} />
    </ControlButton>
  );
}

/** While a connection is dragged over what it may not lead to: the sentence that says why. */
function WhyNot({ sentence }: { sentence(source: Id, target: Id): string | null }) {
  const ends = useConnection((state) => (state.inProgress && state.isValid === false && state.toNode ? `${state.fromNode.id} ${state.toNode.id}` : ""));
  const [source, target] = ends.split(" ");
  const why = source && target ? sentence(source, target) : null;
  return why ? (
    <p className="ge-whynot" role="status">
      {why}
    </p>
  ) : null;
}
