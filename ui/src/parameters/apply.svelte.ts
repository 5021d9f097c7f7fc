// Values of a file, written one after the other, each confirmed or refused by the vehicle.

import type { Difference } from './files';

export interface Written {
  name: string;
  value: number;
  state: 'waits' | 'sent' | 'set' | 'refused';
  text: string;
}

export class Applying {
  list: Written[] = $state([]);
  running = $state(false);
  stopped = $state(false);

  constructor(private set: (name: string, value: number) => Promise<string>) {}

  get done(): number {
    return this.list.filter(({ state }) => state === 'set' || state === 'refused').length;
  }

  get refused(): number {
    return this.list.filter(({ state }) => state === 'refused').length;
  }

  /** Write them in order. What is refused is tried once more at the end: it may have needed another. */
  async run(differences: Difference[]): Promise<void> {
    this.list = differences.map(({ row, value }) => ({ name: row.name, value, state: 'waits', text: '' }));
    this.running = true;
    this.stopped = false;
    try {
      await this.pass(() => true);
      if (this.refused > 0 && this.refused < this.list.length) await this.pass(({ state }) => state === 'refused');
    } finally {
      this.running = false;
    }
  }

  stop(): void {
    this.stopped = true;
  }

  private async pass(which: (one: Written) => boolean): Promise<void> {
    for (const one of this.list.filter(which)) {
      if (this.stopped) return;
      one.state = 'sent';
      one.text = await this.set(one.name, one.value);
      one.state = one.text === '' ? 'set' : 'refused';
    }
  }
}
