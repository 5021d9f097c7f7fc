import { describe, expect, it } from 'vitest';
import type { Item } from '../src/lib/types';
import { aboard } from '../src/plan/document/files';
import { Latest } from '../src/plan/judging/judge.svelte';
import { done, noHistory, redone, sealed, undone } from '../src/plan/document/history';
import { placeAt, stretches } from '../src/plan/profile/along';
import { emptyPlan, placed } from '../src/plan/document/document';
import { sketch } from '../src/plan/judging/sketch';
import { stepFor } from '../src/plan/profile/profileDraw';
import type { SimpleItem } from '../src/plan/document/document';

const item = (command: number, params: (number | null)[], place: [number, number] | null, altitude = 0, frame = 0): Item => ({
  command, frame, params, latitude_deg: place?.[0] ?? null, longitude_deg: place?.[1] ?? null, altitude, autocontinue: true,
});

describe('what is aboard, as a document', () => {
  const mission = [item(22, [0, 0, 0, null], [41, 28], 300), item(16, [0, 0, 0, null], [41.1, 28], 900), item(177, [1, 2, 0, 0], null, 0, 2)];

  it('counts jumps from the first item, 0 aboard and 1 in a document', () => {
    const plan = aboard(mission, [], [], false);
    expect((plan.mission.items as SimpleItem[]).map((each) => each.doJumpId)).toEqual([1, 2, 3]);
    expect((plan.mission.items[2] as SimpleItem).params[0]).toBe(2);
  });

  it("takes ArduPilot's item 0 for home", () => {
    const plan = aboard([item(16, [0, 0, 0, 0], [41.2, 27.9], 150), ...mission], [], [], true);
    expect(plan.mission.plannedHomePosition).toEqual([41.2, 27.9, 150]);
    expect((plan.mission.items[2] as SimpleItem).params[0]).toBe(1);
    expect(plan.mission.items.length).toBe(3);
  });

  it('gathers the vertices of fences, and rally points', () => {
    const corners: [number, number][] = [[41, 28], [41.1, 28], [41.1, 28.1]];
    const fence = [
      ...corners.map((place) => item(5002, [3, 0, 0, 0], place)),
      item(5003, [800, 0, 0, 0], [41.3, 28.3]),
      ...corners.map((place) => item(5001, [3, 0, 0, 0], place)),
    ];
    const plan = aboard([], fence, [item(5100, [0, 0, 0, 0], [41.4, 28.4], 250, 3)], false);
    expect(plan.geoFence!.polygons!.map(({ inclusion, polygon }) => [inclusion, polygon])).toEqual([[false, corners], [true, corners]]);
    expect(plan.geoFence!.circles![0]!.circle).toEqual({ center: [41.3, 28.3], radius: 800 });
    expect(plan.rallyPoints!.points).toEqual([[41.4, 28.4, 250]]);
  });
});

describe('undo and redo', () => {
  const step = (before: number, after: number, merge: string | null = null) => ({ label: 'move', before, after, merge });

  it('goes back and forth over the same documents', () => {
    const history = done(done(noHistory<number>(), step(0, 1)), step(1, 2));
    const back = undone(history)!;
    expect(back.step.before).toBe(1);
    expect(redone(back.history)!.step.after).toBe(2);
    expect(redone(done(back.history, step(1, 5)))).toBeNull();
  });

  it('makes one step of a drag, and a new one of the next', () => {
    let history = noHistory<number>();
    for (const i of [0, 1, 2]) history = done(history, step(i, i + 1, 'drag'));
    expect(history.past.length).toBe(1);
    expect(undone(history)!.step.before).toBe(0);
    expect(done(sealed(history), step(3, 4, 'drag')).past.length).toBe(2);
  });
});

describe('asking the judge', () => {
  const turn = () => new Promise((resolve) => setTimeout(resolve, 2));

  it('asks one question at a time and drops what was overtaken', async () => {
    const asked: number[] = [];
    const open: ((answer: string) => void)[] = [];
    const heard: (string | null)[] = [];
    const latest = new Latest<number, string>(
      (question) => new Promise((resolve) => (asked.push(question), open.push(resolve))),
      (answer) => heard.push(answer),
      0,
    );
    for (const question of [1, 2, 3]) {
      latest.put(question);
      await turn();
    }
    expect(asked).toEqual([1]);
    open[0]!('first');
    await turn();
    expect(asked).toEqual([1, 3]);
    open[1]!('third');
    await turn();
    expect(heard).toEqual(['third']);
  });

  it('waits until changes pause', async () => {
    const asked: number[] = [];
    const latest = new Latest<number, string>((question) => (asked.push(question), Promise.resolve('')), () => undefined, 5);
    latest.put(1);
    latest.put(2);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(asked).toEqual([2]);
  });
});

describe('along the way', () => {
  it('finds the place of a moment on its leg, and at its circle', () => {
    const flat = [[41, 28], [41, 28.2], [41.1, 28.2]].map((place, i) => ({
      sequence: i + 1, entry: i, item: placed(i === 1 ? 19 : 16, place as [number, number], 1000, 'msl'),
    }));
    const numbers = (sequence: number, leg: number | null, time: number) => ({ sequence, leg, time, ground_speed: 40 }) as never;
    const found = stretches(flat, { items: [numbers(1, null, 10), numbers(2, 16000, 1000), numbers(3, 11000, 275)] } as never);
    expect(found.map(({ arrived, ended }) => [arrived, ended])).toEqual([[10, 10], [410, 1010], [1285, 1285]]);
    expect(placeAt(found, 210)![1]).toBeCloseTo(28.1, 3);
    expect(placeAt(found, 700)).toEqual([41, 28.2]);
  });
});

it('labels axes in round steps', () => {
  expect([stepFor(9843, 4), stepFor(267, 5), stepFor(3000, 4), stepFor(7, 4)]).toEqual([5000, 100, 1000, 2]);
});

it('sketches a profile in mean sea level, and leaves out what no datum is known for', () => {
  const plan = emptyPlan();
  plan.mission.items = [placed(16, [41, 28], 500, 'msl'), placed(16, [41, 28.1], 300, 'home'), placed(16, [41, 28.2], 700, 'msl')];
  expect(sketch(plan).at(-1)!.distance).toBeCloseTo(16827.033, 2);
  expect(Math.min(...sketch(plan).map(({ altitude }) => altitude))).toBe(500);
  plan.mission.plannedHomePosition = [41, 28, 150];
  expect(Math.min(...sketch(plan).map(({ altitude }) => altitude))).toBe(450);
});
