// A vehicle's clock that goes on while the vehicle, or the station, is not heard.

import { connection } from './session.svelte';
import type { Vehicle } from './vehicles.svelte';

const TICK_MS = 500;

export class Clock {
  /** UTC [s], undefined where it was never told. */
  utc: number | undefined = $state();
  /** It goes on by itself. */
  alone = $state(false);
  private told: number | undefined;
  private at = 0;

  /** Keep it for whichever vehicle `which` gives. */
  constructor(which: () => Vehicle | undefined) {
    $effect(() => {
      const timer = setInterval(() => this.look(which(), performance.now()), TICK_MS);
      return () => clearInterval(timer);
    });
    $effect(() => {
      void which()?.shownNumber('time_utc_s');
      this.look(which(), performance.now());
    });
  }

  private look(vehicle: Vehicle | undefined, now: number): void {
    const told = vehicle?.number('time_utc_s');
    if (told !== this.told) [this.told, this.at] = [told, now];
    const link = vehicle?.value('link_state');
    this.alone = told !== undefined && (!connection.alive || link === 'lost' || link === 'late');
    this.utc = told === undefined || !this.alone ? told : told + (now - this.at) / 1000;
  }
}
