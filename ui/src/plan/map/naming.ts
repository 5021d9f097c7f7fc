// Where the word of a mark goes: above or below it, else beside it, never over another mark or word.

import type { Point } from './mapHits';

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const TALL = 14; // px, of a word
const GAP = 3; // px, between a mark and its word

const meets = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** The mark of this radius as what it covers, px. */
export const markBox = ({ x, y }: Point, radius: number): Box => ({ left: x - radius, top: y - radius, right: x + radius, bottom: y + radius });

/** Free room for a word of this width by the mark at `at`; null where all of it is taken. */
export function wordBox(at: Point, radius: number, width: number, first: 'above' | 'below', taken: Box[]): Box | null {
  const off = radius + GAP + TALL / 2;
  const aside = radius + GAP + width / 2;
  const vertical = first === 'above' ? [-off, off] : [off, -off];
  const middles = [...vertical.map((dy) => [0, dy]), [aside, 0], [-aside, 0]] as [number, number][];
  const boxes = middles.map(([dx, dy]) => ({
    left: at.x + dx - width / 2, right: at.x + dx + width / 2, top: at.y + dy - TALL / 2, bottom: at.y + dy + TALL / 2,
  })); // prettier-ignore
  return boxes.find((box) => !taken.some((other) => meets(box, other))) ?? null;
}
