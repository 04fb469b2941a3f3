import { titleOf, underlineOf, type Library } from "./library";
import type { Doc, EditorNode } from "./types";

/** Nodes whose words hold every word that is looked for; whose title begins with them stand first, then as they stand on the canvas. */
export function search(doc: Doc, library: Library, text: string): EditorNode[] {
  const words = fold(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found = doc.nodes.flatMap((node) => {
    const title = fold(titleOf(node, library));
    const all = `${title} ${fold(underlineOf(node, library))}`;
    return words.every((word) => all.includes(word)) ? [{ node, rank: title.startsWith(words[0] ?? "") ? 0 : 1 }] : [];
  });
  return found.sort((a, b) => a.rank - b.rank || a.node.x - b.node.x || a.node.y - b.node.y).map(({ node }) => node);
}

/** Without case and accents: “Æther” stays, “Café” is found by “cafe”. */
export function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
