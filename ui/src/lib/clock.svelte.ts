// A vehicle's clock that goes on while the vehicle, or the station, is not heard.

import { Rate } from './rate';
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
  private held = 1;
  private whose: string | undefined;
  private readonly rate = new Rate();

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
    const another = vehicle?.info.id !== this.whose;
    if (another) this.rate.forget();
    if (told !== this.told) [this.told, this.at] = [told, now];
    const was = this.alone;
    const link = vehicle?.value('link_state');
    this.alone = told !== undefined && (!connection.alive || link === 'lost' || link === 'late');
    this.whose = vehicle?.info.id;
    if (this.alone && (!was || another)) this.held = this.pace(vehicle);
    else if (was && !this.alone) this.rate.forget();
    if (!this.alone && told !== undefined) this.rate.take(told, now / 1000);
    this.utc = told === undefined || !this.alone ? told : told + (this.held * (now - this.at)) / 1000;
  }

  /** At which rate it goes on: as it went last; a log's by what the replay was told. */
  private pace(vehicle: Vehicle | undefined): number {
    const { replay } = connection;
    if (vehicle?.info.replay && replay) return replay.playing ? replay.speed : 0;
    return this.rate.value;
  }
}
