import { NODE_HEIGHT, NODE_WIDTH } from "./sizes";
import type { Place } from "./types";

export interface Viewport extends Place {
  zoom: number;
}

/** Pixels between a node that is brought into sight and the edge. */
const MARGIN = 48;

/** The viewport moved as little as it takes to have a node wholly in sight, and something around it. */
export function revealed(viewport: Viewport, node: Place, box: { width: number; height: number }): Viewport {
  const { x, y, zoom } = viewport;
  return {
    zoom,
    x: x + shift(node.x * zoom + x, NODE_WIDTH * zoom, box.width),
    y: y + shift(node.y * zoom + y, NODE_HEIGHT * zoom, box.height),
  };
}

function shift(start: number, size: number, room: number): number {
  const margin = Math.min(MARGIN, Math.max(0, (room - size) / 2));
  return Math.max(0, margin - start) - Math.max(0, start + size - (room - margin));
}
