// Tiles of the chart that failed: asked for again until they are there.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Missing } from '../src/map/missing';

type Handler = (event: unknown) => void;

/** A chart that tells what was asked for again. */
class Fake {
  asked: [string, unknown][] = [];
  private handlers: Record<string, Handler> = {};
  on = (kind: string, handler: Handler) => void (this.handlers[kind] = handler);
  getSource = (name: string) => (name === 'gone' ? undefined : {});
  refreshTiles = (source: string, tiles: unknown) => void this.asked.push([source, tiles]);
  fire = (kind: string, event: unknown = {}) => this.handlers[kind]!(event);
  fail = (source: string, z: number) => this.fire('error', { sourceId: source, tile: { tileID: { canonical: { x: 1, y: 2, z } } } });
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function made(): { chart: Fake; told: boolean[]; missing: Missing } {
  const [chart, told] = [new Fake(), [] as boolean[]];
  return { chart, told, missing: new Missing(chart as never, (some) => void told.push(some)) };
}

test('what failed is asked for again, each time later, until it is there', () => {
  const { chart, told } = made();
  chart.fail('chart', 5);
  chart.fail('chart', 6);
  chart.fail('gone', 6);
  chart.fire('error', {}); // no tile
  vi.advanceTimersByTime(1999);
  expect(chart.asked).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(chart.asked).toEqual([['chart', [{ x: 1, y: 2, z: 5 }, { x: 1, y: 2, z: 6 }]]]);
  chart.fail('chart', 5);
  chart.fire('idle');
  expect(told.at(-1)).toBe(true);
  vi.advanceTimersByTime(3999);
  expect(chart.asked.length).toBe(1);
  vi.advanceTimersByTime(1);
  expect(chart.asked[1]).toEqual(['chart', [{ x: 1, y: 2, z: 5 }]]);
  chart.fire('idle');
  expect(told.at(-1)).toBe(false);
  vi.advanceTimersByTime(120_000);
  expect(chart.asked.length).toBe(2);
});

test('a station that is back is asked at once, and nothing after the chart has gone', () => {
  const { chart, missing } = made();
  chart.fail('chart', 5);
  missing.ask();
  expect(chart.asked.length).toBe(1);
  chart.fail('chart', 5);
  missing.end();
  vi.advanceTimersByTime(120_000);
  expect(chart.asked.length).toBe(1);
});
