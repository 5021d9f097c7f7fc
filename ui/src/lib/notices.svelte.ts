// Short messages to the user: what was refused and why. They go by themselves, those that tell of a
// refusal later, and none while it is pointed at.

import { Refused } from './api';
import { has, t } from './i18n.svelte';

export interface Notice {
  id: number;
  kind: 'good' | 'bad';
  text: string;
  faults: string[];
}

const STAYS_MS = { good: 6000, bad: 15000 };
let next = 1;

class Notices {
  list: Notice[] = $state([]);
  /** The one that is being read. */
  held: number | undefined;

  say(text: string): void {
    this.add('good', text, []);
  }

  refuse(error: unknown): void {
    if (!(error instanceof Refused)) throw error;
    const key = `common.error.${error.message}`;
    this.add('bad', has(key) ? t(key) : error.message, error.faults);
  }

  close(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  private expire(id: number, again: number): void {
    if (this.held === id) setTimeout(() => this.expire(id, again), again);
    else this.close(id);
  }

  private add(kind: Notice['kind'], text: string, faults: string[]): void {
    const id = next++;
    this.list = [...this.list.slice(-3), { id, kind, text, faults }];
    setTimeout(() => this.expire(id, STAYS_MS[kind]), STAYS_MS[kind]);
  }
}

export const notices = new Notices();
