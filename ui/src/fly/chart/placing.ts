// Where each aircraft's label goes: beside it, and neither over another's label nor over another
// aircraft, as long as there is room.

export interface Tagged {
  x: number; // of the aircraft, px
  y: number;
  width: number; // of its label
  height: number;
  slot: number; // where the label was; -1 where it was nowhere
}

const ASIDE = 18;
const SYMBOL = 13; // half of an aircraft's side
const OFF = 14; // px, of the first label below and above
const GAP = 4; // px, from one slot to the next
const ROWS = [0, -1, 1, -2, 2, -3, 3]; // below, above, and further
const SLOTS = ROWS.flatMap((row) => [{ right: true, row }, { right: false, row }]);

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const meets = (a: Box, b: Box) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Left and top of the label in its slot, from the aircraft, px. */
export function offset(slot: number, { width, height }: Pick<Tagged, 'width' | 'height'>): [number, number] {
  const { right, row } = SLOTS[slot]!;
  const dy = row < 0 ? row * (height + GAP) + GAP - OFF : row * (height + GAP) + OFF;
  return [right ? ASIDE : -ASIDE - width, dy];
}

function boxOf(one: Tagged, slot: number): Box {
  const [dx, dy] = offset(slot, one);
  const [left, top] = [one.x + dx, one.y + dy];
  return { left, top, right: left + one.width, bottom: top + one.height };
}

/** A slot for each, in the order given, the first the most important: where it was before as long as
    that is free, else the first that is; -1 where all are taken. `view` is what is seen, px, below what
    covers its upper edge and above what covers its lower one. */
export function slots(tagged: Tagged[], view: { width: number; height: number; top?: number; foot?: number }): number[] {
  const symbols = tagged.map(({ x, y }) => ({ left: x - SYMBOL, top: y - SYMBOL, right: x + SYMBOL, bottom: y + SYMBOL }));
  const taken: Box[] = [];
  return tagged.map((one, index) => {
    const tried = one.slot < 0 ? [...SLOTS.keys()] : [one.slot, ...SLOTS.keys()];
    const inSight = (box: Box) =>
      box.left >= 0 && box.top >= (view.top ?? 0) && box.right <= view.width && box.bottom <= view.height - (view.foot ?? 0);
    const clear = (box: Box) => !taken.some((other) => meets(box, other));
    const open = (box: Box) => clear(box) && !symbols.some((symbol, of) => of !== index && meets(box, symbol));
    const found =
      tried.find((slot) => inSight(boxOf(one, slot)) && open(boxOf(one, slot))) ??
      tried.find((slot) => open(boxOf(one, slot))) ??
      tried.find((slot) => clear(boxOf(one, slot))) ??
      -1;
    if (found >= 0) taken.push(boxOf(one, found));
    return found;
  });
}
