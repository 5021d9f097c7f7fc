// What `longwatch bench station` reads of a page whose address has `?measure`.
//
// A draw is noted in the task after its animation frame, when the frame has been painted; a command
// from the last click before it to the end of the station's answer. Times are ms since 1970.

import { fleet } from './vehicles.svelte';

const MOST = 200_000;

/** Vehicle, its time since boot [s] in what was drawn, and when that was. */
const draws: [string, number, number][] = [];
const commands: { clicked: number; acknowledged: number }[] = [];
const drawn = new Map<string, number>();
const now = (): number => performance.timeOrigin + performance.now();

const measures = {
  get frames(): number {
    return fleet.frames;
  },
  lastFrame: fleet.lastFrame,
  draws,
  commands,
  /** When a vehicle was first drawn, since the page was asked for [ms]; 0 before. */
  first: 0,
};

const painted = new MessageChannel();
painted.port1.onmessage = () => {
  const at = now();
  for (const vehicle of fleet.list) {
    const id = vehicle.info.id;
    const time = vehicle.number('time_boot_s');
    if (time === undefined || drawn.get(id) === time) continue;
    drawn.set(id, time);
    measures.first ||= performance.now();
    if (draws.length < MOST) draws.push([id, time, at]);
  }
};
fleet.onDraw(() => painted.port2.postMessage(null));

let clicked = 0;
addEventListener('click', (event) => (clicked = performance.timeOrigin + event.timeStamp), true);
addEventListener('keydown', (event) => (clicked = performance.timeOrigin + event.timeStamp), true);
new PerformanceObserver((list) => {
  for (const entry of list.getEntriesByType('resource') as PerformanceResourceTiming[]) {
    if (new URL(entry.name).pathname.endsWith('/command'))
      commands.push({ clicked, acknowledged: performance.timeOrigin + entry.responseEnd });
  }
}).observe({ type: 'resource' });

(window as unknown as { longwatch: typeof measures }).longwatch = measures;
