// What the simulation offers the instructor, asked for by way of the station.

import { get, post } from '../lib/api';
import { notices } from '../lib/notices.svelte';

/** One thing that a fault takes, as the simulation describes it. */
export interface Argument {
  name: string;
  meaning: string;
  unit: string;
  minimum: number;
  maximum: number;
  whole: boolean;
  choices: string[];
  optional: boolean;
}

export interface Fault {
  name: string;
  meaning: string;
  seen: string;
  takes: Argument[];
}

export type Standing = { name: string } & Record<string, string | number | null>;

export interface Snapshot {
  number: number;
  name: string;
  time_s: number;
  utc_s: number;
}

export interface Pipe {
  rate_bytes_s: number | null;
  delay_s: number;
  loss: number;
  cut: boolean;
}

export interface Link {
  number: number;
  name: string;
  systems: number[] | null;
  pipe: Pipe;
}

export interface Aircraft {
  system: number;
  aircraft: string;
  phase: string;
}

export interface State {
  time_s: number;
  utc_s: number;
  speed: string;
  paused: boolean;
  rate: number;
  behind_s: number;
  aircraft: Aircraft[];
}

const AGAIN_MS = 2000;

class Simulation {
  faults: Fault[] = $state.raw([]);
  inForce: Record<string, Standing[]> = $state.raw({});
  snapshots: Snapshot[] = $state.raw([]);
  links: Link[] = $state.raw([]);
  busy = $state(false);

  /** Ask again and again while the drawer is open. */
  watch(): () => void {
    void this.ask();
    const timer = setInterval(() => void this.ask(), AGAIN_MS);
    return () => clearInterval(timer);
  }

  async ask(): Promise<void> {
    // What cannot be had keeps what was known; the drawer says that nobody answers.
    const [faults, snapshots, links] = await Promise.allSettled([
      get<{ faults: Fault[]; in_force: Record<string, Standing[]> }>('/api/simulation/faults'),
      get<{ snapshots: Snapshot[] }>('/api/simulation/snapshots'),
      get<{ links: Link[] }>('/api/simulation/links'),
    ]);
    if (faults.status === 'fulfilled') {
      if (this.faults.length === 0) this.faults = faults.value.faults;
      this.inForce = faults.value.in_force;
    }
    if (snapshots.status === 'fulfilled') this.snapshots = snapshots.value.snapshots;
    if (links.status === 'fulfilled') this.links = links.value.links;
  }

  /** Have the simulation do something; true where it did. */
  async act(path: string, body: Record<string, unknown> = {}): Promise<boolean> {
    this.busy = true;
    try {
      await post(`/api/simulation/${path}`, body);
      await this.ask();
      return true;
    } catch (error) {
      notices.refuse(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

export const simulation = new Simulation();
