// Short messages to the user: what was refused and why. They stay until they are put away.

import { Refused } from './api';
import { has, t } from './i18n.svelte';

export interface Notice {
  id: number;
  kind: 'good' | 'bad';
  text: string;
  faults: string[];
}

const STAYS_MS = 6000;
let next = 1;

class Notices {
  list: Notice[] = $state([]);

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

  private add(kind: Notice['kind'], text: string, faults: string[]): void {
    const id = next++;
    this.list = [...this.list.slice(-3), { id, kind, text, faults }];
    if (kind === 'good') setTimeout(() => this.close(id), STAYS_MS);
  }
}

export const notices = new Notices();
