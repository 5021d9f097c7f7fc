// Who is signed in, and the WebSocket that tells of everything.

import { decode } from '@msgpack/msgpack';
import { get } from './api';
import { folded } from './folded';
import { settings } from './settings.svelte';
import type { Entry, Note, ReplayState, Role, Session, Timer, VehicleInfo } from './types';
import { fleet } from './vehicles.svelte';

const RETRY_MS = 1000;
const SILENT_MS = 1750;
const LOOK_MS = 100;
const NOBODY: Session = { user: null, roles: [], languages: [], simulation: false, replay: false };

class Connection {
  session: Session = $state.raw(NOBODY);
  asked = $state(false);
  connected = $state(false);
  /** It was heard of late, so that a dead one is seen within 2 s: a station that hangs keeps its socket open. */
  alive = $state(false);
  /** When it was last heard, by `performance.now()`. */
  heard = -Infinity;
  journal: Entry[] = $state.raw([]);
  timers: Timer[] = $state.raw([]);
  notes: Note[] = $state.raw([]); // those that nobody signed, and of the others the latest
  replay: ReplayState | null = $state.raw(null);
  simulation: Record<string, any> | null = $state.raw(null);
  private socket: WebSocket | null = null;
  private looking: number | undefined;

  can(role: Role): boolean {
    return this.session.roles.includes(role);
  }

  async begin(): Promise<void> {
    try {
      this.session = await get<Session>('/api/session');
      this.asked = true;
    } catch {
      setTimeout(() => this.begin(), RETRY_MS);
      return;
    }
    if (this.session.user !== null) {
      this.open();
      await settings.load();
    }
  }

  private look(): void {
    const alive = this.connected && performance.now() - this.heard < SILENT_MS;
    if (alive === this.alive) return;
    this.alive = alive;
    fleet.redraw();
  }

  private open(): void {
    this.looking ??= window.setInterval(() => this.look(), LOOK_MS);
    const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`);
    socket.binaryType = 'arraybuffer';
    socket.onmessage = (event) => this.take(decode(new Uint8Array(event.data)) as unknown[]);
    socket.onclose = () => {
      this.connected = false;
      this.look();
      // A station that was restarted knows the session still; one that does not asks to sign in.
      setTimeout(() => this.begin(), RETRY_MS);
    };
    this.socket = socket;
  }

  end(): void {
    if (this.socket) this.socket.onclose = null;
    this.socket?.close();
    this.session = NOBODY;
    this.connected = false;
    this.look();
  }

  private take([kind, ...rest]: unknown[]): void {
    this.heard = performance.now();
    const handler = this.handlers[kind as string];
    if (handler) handler(...(rest as any[]));
  }

  private handlers: Record<string, (...rest: any[]) => void> = {
    hello: (told: { session: Session; quantities: string[]; vehicles: VehicleInfo[] }) => {
      fleet.setQuantities(told.quantities);
      fleet.replaceAll(told.vehicles);
      if (!told.vehicles.some((info) => info.replay)) this.replay = null;
      this.connected = true;
      this.look();
    },
    frame: (time, changes) => fleet.takeFrame(time, changes),
    vehicle: (info: VehicleInfo) => fleet.put(info),
    gone: (id: string) => {
      fleet.drop(id);
      if (!fleet.list.some((vehicle) => vehicle.info.replay)) this.replay = null;
    },
    alerts: (id, alerts) => {
      const vehicle = fleet.find(id);
      if (vehicle) vehicle.alerts = folded(alerts);
    },
    plan: (id, kind, plan) => {
      const vehicle = fleet.find(id);
      if (vehicle) vehicle.plans[kind as 'mission'] = plan ?? undefined; // none that is known of any more
      fleet.redraw();
    },
    transfer: (id, kind, transfer) => {
      const vehicle = fleet.find(id);
      if (vehicle) vehicle.transfers[kind as 'mission'] = transfer;
    },
    checks: (id, checks) => {
      const vehicle = fleet.find(id);
      if (vehicle) vehicle.checks = checks;
    },
    journal: (entry: Entry) => {
      this.journal = [entry, ...this.journal.filter((old) => old.id !== entry.id)].slice(0, 500);
    },
    timers: (timers: Timer[]) => {
      this.timers = timers;
    },
    notes: (notes: Note[]) => {
      this.notes = notes;
    },
    replay: (state: ReplayState) => {
      this.replay = state;
    },
    simulation: (state) => {
      this.simulation = state;
    },
  };
}

export const connection = new Connection();
