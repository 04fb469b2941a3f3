import { Handle, Position, type NodeProps } from "@xyflow/react";
import { memo, useContext, createContext } from "react";
import { KINDS } from "../model/kinds";
import type { Id } from "../model/types";
import { Symbol } from "../parts/Symbol";
import type { FlowNode } from "./flowNodes";

/** Asks what should follow a node. Stable, so that no node is drawn again for it. */
export const FollowContext = createContext<(id: Id) => void>(() => undefined);

/** A question, an answer or a service on the canvas. */
export const Part = memo(function Part({ id, data, selected }: NodeProps<FlowNode>) {
  const follow = useContext(FollowContext);
  const kind = KINDS[data.kind];
  const classes = [
    "ge-part",
    `ge-${kind.className}`,
    selected && "ge-selected",
    data.bad && "ge-bad",
    data.faded && "ge-faded",
    data.tone && `ge-tone-${data.tone}`,
  ];
  return (
    <div className={classes.filter(Boolean).join(" ")}>
      <Handle type="target" position={Position.Left} isConnectableStart={false} className="ge-in" />
      <Symbol name={kind.icon} />
      <div className="ge-part-words">
        <span className="ge-part-kind">
          {kind.title}
          {data.isRoot && " · asked first"}
        </span>
        <span className={data.title ? "ge-part-title" : "ge-part-title ge-missing"}>{data.title || "Nothing here yet"}</span>
        {data.under && <span className="ge-part-under">{data.under}</span>}
      </div>
      {data.bad && <Symbol name="error" className="ge-part-error" />}
      <Handle type="source" position={Position.Right} className="ge-out" title="Click, or drag to connect" onClick={() => follow(id)}>
        <Symbol name="add" />
      </Handle>
    </div>
  );
});
