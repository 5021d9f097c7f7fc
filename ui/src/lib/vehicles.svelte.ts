// The vehicles as the station last told of them.
//
// Frames come up to forty times a second. Instruments that are drawn read `value()` in an animation
// frame; text reads `shown()`, which wakes it five times a second: faster cannot be read.

import type { Alert, PlanAboard, PlanKind, Transfer, Value, VehicleInfo } from './types';

const TEXT_PERIOD_MS = 200;

let indices = new Map<string, number>();

export class Vehicle {
  info: VehicleInfo = $state.raw() as VehicleInfo;
  alerts: Alert[] = $state.raw([]);
  plans: Partial<Record<PlanKind, PlanAboard>> = $state({});
  transfers: Partial<Record<PlanKind, Transfer>> = $state({});
  checks: Record<string, boolean> = $state({});
  trail: Trail = { latitude: [], longitude: [], altitude: [], time: [] };
  private values: (Value | null | undefined)[] = [];
  private version = $state(0);

  constructor(info: VehicleInfo) {
    this.info = info;
  }

  /** The quantity now, undefined where it was not reported; wakes nobody. */
  value(name: string): Value | undefined {
    const index = indices.get(name);
    return index === undefined ? undefined : (this.values[index] ?? undefined);
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    return typeof value === 'number' ? value : undefined;
  }

  /** The same for text in the page: whoever reads it is woken when it may have changed. */
  shown(name: string): Value | undefined {
    void this.version;
    return this.value(name);
  }

  shownNumber(name: string): number | undefined {
    const value = this.shown(name);
    return typeof value === 'number' ? value : undefined;
  }

  take(changes: Record<string, Value | null>): void {
    for (const index in changes) this.values[Number(index)] = changes[index];
  }

  clear(): void {
    this.values = [];
  }

  wake(): void {
    this.version += 1;
  }
}

/** Where a vehicle has been: its own recent points after those that the station remembers. */
export interface Trail {
  latitude: number[];
  longitude: number[];
  altitude: number[];
  time: number[];
}

class Fleet {
  list: Vehicle[] = $state.raw([]);
  selectedId: string | null = $state(null);
  frames = 0;
  lastFrame = { server_time_s: 0, drawn_at: 0 };
  private draws = new Set<() => void>();
  private dirty = false;
  private woken = 0;
  private waking = false;
  private stale = new Set<Vehicle>();

  get selected(): Vehicle | undefined {
    return this.list.find((vehicle) => vehicle.info.id === this.selectedId) ?? this.list[0];
  }

  find(id: string): Vehicle | undefined {
    return this.list.find((vehicle) => vehicle.info.id === id);
  }

  setQuantities(names: string[]): void {
    indices = new Map(names.map((name, index) => [name, index]));
  }

  put(info: VehicleInfo): void {
    const known = this.find(info.id);
    if (known) known.info = info;
    else
      this.list = [...this.list, new Vehicle(info)].sort((a, b) =>
        a.info.id.localeCompare(b.info.id, undefined, { numeric: true }),
      );
  }

  replaceAll(infos: VehicleInfo[]): void {
    const ids = new Set(infos.map((info) => info.id));
    this.list = this.list.filter((vehicle) => ids.has(vehicle.info.id));
    for (const vehicle of this.list) vehicle.clear();
    infos.forEach((info) => this.put(info));
  }

  drop(id: string): void {
    this.list = this.list.filter((vehicle) => vehicle.info.id !== id);
    if (this.selectedId === id) this.selectedId = null;
  }

  takeFrame(time: number, changes: Record<string, Record<string, Value | null>>): void {
    for (const id in changes) {
      const vehicle = this.find(id);
      if (!vehicle) continue;
      vehicle.take(changes[id] ?? {});
      this.stale.add(vehicle);
    }
    this.lastFrame.server_time_s = time;
    this.redraw();
  }

  /** Call `draw` in the next animation frame, and after every frame from the station. */
  onDraw(draw: () => void): () => void {
    this.draws.add(draw);
    this.redraw();
    return () => this.draws.delete(draw);
  }

  redraw(): void {
    if (this.dirty) return;
    this.dirty = true;
    requestAnimationFrame(() => this.draw());
  }

  private wake(now: number): void {
    this.woken = now;
    this.waking = false;
    for (const vehicle of this.stale) vehicle.wake();
    this.stale.clear();
  }

  private draw(): void {
    this.dirty = false;
    for (const draw of this.draws) draw();
    const now = performance.now();
    if (now - this.woken >= TEXT_PERIOD_MS) this.wake(now);
    else if (this.stale.size > 0 && !this.waking) {
      // The last change is read, too, where nothing comes after it.
      this.waking = true;
      setTimeout(() => this.wake(performance.now()), TEXT_PERIOD_MS);
    }
    this.frames += 1;
    this.lastFrame.drawn_at = now;
  }
}

export const fleet = new Fleet();
