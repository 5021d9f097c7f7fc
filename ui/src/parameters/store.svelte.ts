// The parameters of the vehicle that is looked at, kept up with what the station tells of them.

import { get, post, put, Refused } from '../lib/api';
import { has, t } from '../lib/i18n.svelte';
import type { VehicleInfo } from '../lib/types';
import { rowsOf, type Aboard, type Meanings, type Row } from './list';

const NOTHING: Meanings = { state: 'unread', text: '', parameters: {} };
const AGAIN_MS = 1000;

const pathOf = (id: string) => `/api/vehicles/${encodeURIComponent(id)}/parameters`;

export function refusal(error: unknown): string {
  if (!(error instanceof Refused)) throw error;
  const key = `common.error.${error.message}`;
  return [has(key) ? t(key) : error.message, ...error.faults].join('; ');
}

export class Store {
  aboard: Aboard[] = $state.raw([]);
  meanings: Meanings = $state.raw(NOTHING);
  reading = $state(false);
  readonly rows: Row[] = $derived(rowsOf(this.aboard, this.meanings.parameters));
  readonly byName = $derived(new Map(this.rows.map((row) => [row.name, row])));
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = false;
  private again = false;

  constructor(readonly id: string) {}

  /** Fetch values; once more where they changed meanwhile. */
  async load(): Promise<void> {
    if (this.asked) {
      this.again = true;
      return;
    }
    this.asked = true;
    try {
      this.aboard = await get<Aboard[]>(pathOf(this.id));
      await this.describe();
    } catch {
      // The page says that the station is not reached, or the vehicle is gone.
    } finally {
      this.asked = false;
    }
    if (this.again) {
      this.again = false;
      this.timer = setTimeout(() => void this.load(), AGAIN_MS);
    }
  }

  private async describe(): Promise<void> {
    if (this.meanings.state === 'read' || this.meanings.state === 'none') return;
    this.meanings = await get<Meanings>(`${pathOf(this.id)}/meanings`);
    if (this.meanings.state === 'reading' || this.meanings.state === 'unread') {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.load(), AGAIN_MS);
    }
  }

  /** Ask the vehicle for all of them anew. Raises Refused. */
  async read(): Promise<void> {
    this.reading = true;
    try {
      await post(`${pathOf(this.id)}/read`);
      if (this.meanings.state === 'failed') this.meanings = NOTHING;
      await this.load();
    } finally {
      this.reading = false;
    }
  }

  /** Write one; "" where the vehicle confirmed it by what it reads back, else why not. */
  async set(name: string, value: number): Promise<string> {
    try {
      const now = await put<Aboard>(pathOf(this.id), { name, value });
      this.aboard = this.aboard.map((one) => (one.name === name ? { ...one, value: now.value } : one));
      return '';
    } catch (error) {
      return refusal(error);
    }
  }

  close(): void {
    clearTimeout(this.timer);
  }
}

export interface Asker {
  user: string | null;
  can: (role: 'pilot' | 'commander') => boolean;
}

/** Why whoever sits here cannot set parameters of a vehicle; undefined where he can. */
export function whyNotSet(info: VehicleInfo, { user, can }: Asker): { key: string; name: string } | undefined {
  if (info.replay) return { key: 'replay', name: '' };
  if (!can('pilot') && !can('commander')) return { key: 'role', name: '' };
  if (info.pilot === user && user !== null) return undefined;
  if (info.pilot !== null) return { key: 'pilot', name: info.pilot };
  return can('commander') ? undefined : { key: 'control', name: '' };
}

/** Why he cannot have them read anew: a commander may, whoever flies. */
export const whyNotRead = (info: VehicleInfo, asker: Asker) =>
  !info.replay && asker.can('commander') ? undefined : whyNotSet(info, asker);
