import { describe, expect, it } from 'vitest';
import { dissolve, insert, move, moveTogether, newItem, nudge, removeAll, removeAt, replaceAt, slotFor, withCommand, withLanding, withTakeoff } from '../src/plan/document/edits';
import { emptyPlan, isSimple, order, placed, placeOf, withAltitude, withHome, withItems, type PlanDocument, type SimpleItem } from '../src/plan/document/document';
import { entryNumbers, flatItems } from '../src/plan/document/flat';
import { CMD } from '../src/plan/document/commands';
import { distance } from '../src/map/geodesy';
import { surveyEntry } from '../src/plan/patterns/survey';
import { unknowns, verdictOf } from '../src/plan/judging/verdict';
import THRACE from '../../missions/thrace-watch.plan?raw';

const thrace = (): PlanDocument => JSON.parse(THRACE);
const jumpTo = (target: number): SimpleItem => order(CMD.DO_JUMP, [target, 2, 0, 0]);
const sequences = (plan: PlanDocument): number[] => flatItems(plan).map((flat) => flat.sequence);
const target = (plan: PlanDocument, index: number): unknown => (plan.mission.items[index] as SimpleItem).params[0];

describe('edits of a mission', () => {
  it('changes nothing of the document it began with', () => {
    const plan = thrace();
    const before = JSON.stringify(plan);
    const waypoint = newItem(plan, 4, CMD.WAYPOINT, [41, 27.8]);
    removeAt(move(insert(plan, 4, [waypoint]).plan, 4, 9).plan, 2);
    expect(JSON.stringify(plan)).toBe(before);
  });

  it('numbers items without a gap after every edit', () => {
    const plan = insert(thrace(), 4, [newItem(thrace(), 4, CMD.WAYPOINT, [41, 27.8])]).plan;
    expect(sequences(plan)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    expect(sequences(removeAt(plan, 0).plan)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect(sequences(move(plan, 3, 12).plan)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
  });

  it('keeps jumps on the item that they lead to', () => {
    let plan = insert(thrace(), 12, [jumpTo(7)]).plan;
    plan = insert(plan, 2, [newItem(plan, 2, CMD.WAYPOINT, [41, 27.8])]).plan;
    expect(target(plan, 13)).toBe(8);
    expect(target(removeAt(plan, 0).plan, 12)).toBe(7);
    expect(target(move(plan, 7, 3).plan, 13)).toBe(4);
  });

  it('lets a jump lead nowhere when its item is deleted, never elsewhere', () => {
    const plan = insert(thrace(), 12, [jumpTo(7)]).plan;
    expect(target(removeAt(plan, 6).plan, 11)).toBeNull();
  });

  it('keeps keys that it does not know', () => {
    const plan = thrace();
    plan.mystery = { kept: true };
    (plan.mission.items[3] as SimpleItem).note = 'lake';
    const edited = nudge(move(plan, 3, 5).plan, 5, 0, 100);
    expect(edited.mystery).toEqual({ kept: true });
    expect((edited.mission.items[5] as SimpleItem).note).toBe('lake');
  });

  it('moves by the metres asked for', () => {
    const plan = thrace();
    const before = placeOf(plan.mission.items[3] as SimpleItem)!;
    const after = placeOf(nudge(plan, 3, Math.PI / 2, 100).mission.items[3] as SimpleItem)!;
    expect(distance(before, after)).toBeCloseTo(100, 1);
    expect(after[1]).toBeGreaterThan(before[1]);
  });

  it('counts a survey by its waypoints, and dissolves it into them', () => {
    const survey = surveyEntry({
      polygon: [[41, 28], [41, 28.1], [41.1, 28.1], [41.1, 28]],
      spacing: 2000, angle: 0, altitude: 1000, datum: 'msl', turnaround: 0, entry: 0,
    });
    const plan = insert(insert(thrace(), 8, [jumpTo(12)]).plan, 4, [survey]).plan;
    const held = survey.TransectStyleComplexItem!.Items.length;
    expect(held).toBeGreaterThan(4);
    expect(sequences(plan)).toEqual(Array.from({ length: 21 + held }, (_, i) => i + 1));
    expect(target(plan, 9)).toBe(12 + held);
    const apart = dissolve(plan, 4).plan;
    expect(apart.mission.items.every(isSimple)).toBe(true);
    expect(sequences(apart)).toEqual(sequences(plan));
    expect(target(apart, 8 + held)).toBe(12 + held);
  });

  it('writes a landing pattern of QGroundControl out as it uploads it', () => {
    const plan = emptyPlan();
    plan.mission.items = [{
      type: 'ComplexItem', complexItemType: 'fwLandingPattern', altitudesAreRelative: true,
      landCoordinate: [41.13, 27.9, 0], landingApproachCoordinate: [41.1, 27.8, 200],
      loiterRadius: 900, loiterClockwise: false,
    }];
    const flat = flatItems(plan).map(({ item }) => item);
    expect(flat.map((item) => item.command)).toEqual([189, 31, 21]);
    expect(flat[1]!.params).toEqual([1, -900, 0, 1, 41.1, 27.8, 200]);
    expect(flat[1]!.frame).toBe(3);
  });

  it('puts a new waypoint behind the selected item, else before the landing', () => {
    expect(slotFor(thrace(), 4)).toBe(5);
    expect(slotFor(thrace(), null)).toBe(17);
    expect(slotFor(emptyPlan(), null)).toBe(0);
  });

  it('keeps both notes of an altitude alike', () => {
    const item = withAltitude(thrace().mission.items[3] as SimpleItem, 250, 'terrain');
    expect([item.frame, item.Altitude, item.AltitudeMode, item.params[6]]).toEqual([10, 250, 4, 250]);
  });

  it('keeps place and altitude when the command changes', () => {
    const was = thrace().mission.items[3] as SimpleItem;
    const now = withCommand(was, CMD.LOITER_TIME, [0, 0], 0, 'msl');
    expect(now.params).toEqual([600, null, 1500, 1, 40.93, 27.86, 1600]);
    const plan = replaceAt(thrace(), 3, now);
    expect(sequences(plan).length).toBe(20);
  });
});

describe('where the next item goes', () => {
  const climb = placed(CMD.WAYPOINT, [41.2, 27.9], 600, 'msl');
  const departure = (): SimpleItem[] => [placed(CMD.TAKEOFF, [41.15, 27.9], 600, 'msl'), climb];
  const landing = [order(CMD.DO_LAND_START), placed(CMD.LOITER_TO_ALT, [41, 27.8], 400, 'msl'), placed(CMD.LAND, [41.1, 27.9], 0, 'msl')];
  const commands = (plan: PlanDocument): number[] => flatItems(plan).map(({ item }) => item.command);

  it('is behind the whole departure once a take-off was put in', () => {
    const { plan, selected } = withTakeoff(emptyPlan(), departure());
    const at = slotFor(plan, selected);
    const added = insert(plan, at, [newItem(plan, at, CMD.WAYPOINT, [41.5, 28])]).plan;
    expect(commands(added)).toEqual([CMD.TAKEOFF, CMD.WAYPOINT, CMD.WAYPOINT]);
    expect(placeOf(added.mission.items[1] as SimpleItem)).toEqual([41.2, 27.9]);
  });

  it('another take-off takes the place of the old one with its climb-out, whoever was put in between', () => {
    const home = withHome(emptyPlan(), [41.0, 27.9], 150);
    const before = insert(withTakeoff(home, departure()).plan, 2, [newItem(home, 0, CMD.WAYPOINT, [41.5, 28])]).plan;
    const other = [placed(CMD.TAKEOFF, [40.9, 27.9], 500, 'msl'), placed(CMD.WAYPOINT, [40.8, 27.9], 500, 'msl')];
    const { plan, selected } = withTakeoff(before, other);
    expect(commands(plan)).toEqual([CMD.TAKEOFF, CMD.WAYPOINT, CMD.WAYPOINT]);
    expect(plan.mission.items.map((entry) => placeOf(entry as SimpleItem))).toEqual([[40.9, 27.9], [40.8, 27.9], [41.5, 28]]);
    expect(selected).toBe(1);
    // A way point of the crew's own stays: one aside, one of another height.
    for (const own of [placed(CMD.WAYPOINT, [41.2, 28.2], 500, 'msl'), placed(CMD.WAYPOINT, [41.2, 27.9], 900, 'msl')]) {
      const theirs = insert(home, 0, [departure()[0]!, own]).plan;
      expect(placeOf(withTakeoff(theirs, other).plan.mission.items[1] as SimpleItem)).toEqual(placeOf(own));
    }
  });

  it('is before the landing sequence once a landing was put in, whichever item of it is selected', () => {
    const { plan, selected } = withLanding(withTakeoff(emptyPlan(), departure()).plan, landing);
    expect(selected).toBe(4);
    for (const chosen of [2, 3, 4]) expect(slotFor(plan, chosen)).toBe(2);
    expect(slotFor(plan, 0)).toBe(1);
    expect(slotFor(plan, 1)).toBe(2);
  });

  it('is behind the selected item where a landing is over', () => {
    const { plan } = withLanding(emptyPlan(), landing);
    const again = insert(plan, 3, departure()).plan;
    expect(slotFor(again, 3)).toBe(4);
    expect(slotFor(again, 2)).toBe(0);
  });
});

describe('numbers of entries', () => {
  it('are those that findings name, of items without a number too', () => {
    const plan = thrace();
    expect(entryNumbers(plan)).toEqual(sequences(plan).map(String));
    const bare = withItems(plan, plan.mission.items.map((entry) => ({ ...entry, doJumpId: 0 }) as SimpleItem));
    expect(entryNumbers(bare)[4]).toBe('5');
  });
});

describe('the verdict', () => {
  it('is no plain yes where terrain or wind is unknown', () => {
    const verdict = (terrain: boolean | null, wind: boolean) => verdictOf(false, false, true, unknowns(terrain, wind));
    expect(verdict(true, true)).toBe('flyable');
    for (const [terrain, wind] of [[false, true], [null, true], [true, false], [false, false]] as const)
      expect(verdict(terrain, wind)).toBe('assumed');
    expect(verdictOf(false, false, false, ['wind'])).toBe('refused');
    expect(verdictOf(false, true, null, [])).toBe('refused');
  });
});

describe('several items', () => {
  const at = (plan: PlanDocument, i: number) => placeOf(plan.mission.items[i] as SimpleItem)!;

  it('move together, each as far and the same way as the one that is dragged', () => {
    const plan = thrace();
    const to = at(nudge(plan, 4, Math.PI / 2, 2000), 4);
    const moved = moveTogether(plan, [3, 4, 5], 4, to);
    for (const i of [3, 4, 5]) {
      expect(distance(at(plan, i), at(moved, i))).toBeCloseTo(2000, 0);
      expect(at(moved, i)[1]).toBeGreaterThan(at(plan, i)[1]);
    }
    expect(at(moved, 6)).toEqual(at(plan, 6));
  });

  it('are deleted together, whatever the order in which they were selected', () => {
    const plan = thrace();
    const left = removeAll(plan, [3, 7, 5]).plan;
    expect(left.mission.items.length).toBe(plan.mission.items.length - 3);
    expect([at(left, 3), at(left, 4)]).toEqual([at(plan, 4), at(plan, 6)]);
    expect(sequences(left)).toEqual(left.mission.items.map((_, i) => i + 1));
  });
});
