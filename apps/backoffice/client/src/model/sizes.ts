/** Pixels at 100 %. Nodes have one size, so that nothing has to be measured before it can be drawn. */
export const NODE_WIDTH = 240;
export const NODE_HEIGHT = 72;
export const COLUMN = NODE_WIDTH + 88;
export const ROW = NODE_HEIGHT + 20;
