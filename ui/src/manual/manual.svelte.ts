// Flying by hand: sticks of a game pad to the station, as long as the crew keeps the switch on, the
// pad is there, this page is in sight and control is held. Whatever ends it is said.

import { post, Refused } from '../lib/api';
import { t } from '../lib/i18n.svelte';
import { notices } from '../lib/notices.svelte';
import { connection } from '../lib/session.svelte';
import { fleet, type Vehicle } from '../lib/vehicles.svelte';
import { centred, load, sticksOf, type PadSettings, type Sticks } from './gamepad';

const PERIOD_MS = 50;
const MOST_UNDER_WAY = 3;
type Reason = 'switch' | 'pad_lost' | 'hidden' | 'control';

class Manual {
  open = $state(false); // the panel
  settings: PadSettings = $state(load());
  /** The pad that is heard, and where its sticks stand. */
  pad: { index: number; id: string } | null = $state.raw(null);
  sticks: Sticks | undefined = $state.raw();
  /** The id of the vehicle that is flown by hand from this page. */
  flown: string | null = $state(null);
  private confirmed = false; // the station has told that it is so
  private sequence = 0;
  private underWay = 0;
  private timer: number | undefined;

  constructor() {
    addEventListener('gamepadconnected', () => this.look());
    addEventListener('gamepaddisconnected', () => this.look());
    document.addEventListener('visibilitychange', () => document.hidden && this.end('hidden'));
    addEventListener('pagehide', () => this.end('hidden'));
  }

  /** Read the pad: the one that was, else the first. */
  look(): void {
    const pads = navigator.getGamepads().filter((pad): pad is Gamepad => !!pad && pad.connected);
    const pad = pads.find((one) => one.index === this.pad?.index) ?? (this.flown ? undefined : pads[0]);
    this.sticks = pad && sticksOf(pad.axes, this.settings);
    if (pad?.id !== this.pad?.id || pad?.index !== this.pad?.index) this.pad = pad ? { index: pad.index, id: pad.id } : null;
    if (this.flown && !this.sticks) this.end('pad_lost');
  }

  /** Watch the pad while somebody looks at it, or flies by it. */
  run(): () => void {
    const timer = setInterval(() => !this.flown && this.look(), PERIOD_MS);
    return () => clearInterval(timer);
  }

  async begin(vehicle: Vehicle): Promise<void> {
    this.look();
    if (!this.sticks || this.flown) return;
    if (!centred(this.sticks)) return notices.say(t('manual.centre'));
    try {
      await post(`${pathOf(vehicle.info.id)}/manual`, { on: true });
    } catch (error) {
      return notices.refuse(error);
    }
    this.flown = vehicle.info.id;
    this.confirmed = false;
    this.sequence = 0;
    this.timer = window.setInterval(() => this.step(), PERIOD_MS);
    this.step();
  }

  private step(): void {
    this.look();
    const { flown, sticks } = this;
    if (!flown || !sticks) return;
    const told = fleet.find(flown)?.info;
    if (told?.pilot !== connection.session.user) return this.end('control');
    if (told.manual === connection.session.user) this.confirmed = true;
    else if (this.confirmed) return this.ended('silent');
    if (this.underWay >= MOST_UNDER_WAY) return; // a slow link is not filled up
    this.underWay += 1;
    post(`${pathOf(flown)}/sticks`, { ...sticks, sequence: this.sequence++ })
      .catch((error) => {
        if (error instanceof Refused && error.status >= 400 && this.flown === flown) this.ended('silent');
      })
      .finally(() => (this.underWay -= 1));
  }

  /** Let go: neutral, and Hold where sticks steered it. */
  end(reason: Reason): void {
    const { flown } = this;
    if (!flown) return;
    this.ended(reason);
    // It goes out even as the page closes.
    fetch(`${pathOf(flown)}/manual`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ on: false, reason }),
      keepalive: true,
    })
      .then(async (answer) => answer.ok && (await answer.json()).held && notices.say(t('manual.held')))
      .catch(() => undefined);
  }

  private ended(reason: Reason | 'silent'): void {
    clearInterval(this.timer);
    this.flown = null;
    notices.say(t(`manual.ended.${reason}`));
  }
}

const pathOf = (id: string) => `/api/vehicles/${encodeURIComponent(id)}`;

export const manual = new Manual();
