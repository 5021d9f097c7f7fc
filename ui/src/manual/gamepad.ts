// Sticks out of a game pad's axes. Axes are those of the standard layout (W3C Gamepad): 0 and 1 the
// left stick, 2 and 3 the right one, right and down positive.

export interface Sticks {
  roll: number; // to the right
  pitch: number; // forward, nose down
  yaw: number; // to the right
  throttle: number; // 0 to 1
}
export type Stick = keyof Sticks;
export const STICKS: Stick[] = ['roll', 'pitch', 'yaw', 'throttle'];

export interface PadSettings {
  mode: 1 | 2 | 3 | 4; // as radio transmitters count them
  deadBand: number; // share of the travel about the centre
  reverse: Record<Stick, boolean>;
}

export const FIRST: PadSettings = {
  mode: 2,
  deadBand: 0.06,
  reverse: { roll: false, pitch: false, yaw: false, throttle: false },
};

const [LEFT_X, LEFT_Y, RIGHT_X, RIGHT_Y] = [0, 1, 2, 3];
/** Which axis moves what, by mode. */
const AXES: Record<PadSettings['mode'], Record<Stick, number>> = {
  1: { pitch: LEFT_Y, yaw: LEFT_X, throttle: RIGHT_Y, roll: RIGHT_X },
  2: { throttle: LEFT_Y, yaw: LEFT_X, pitch: RIGHT_Y, roll: RIGHT_X },
  3: { pitch: LEFT_Y, roll: LEFT_X, throttle: RIGHT_Y, yaw: RIGHT_X },
  4: { throttle: LEFT_Y, roll: LEFT_X, pitch: RIGHT_Y, yaw: RIGHT_X },
};

/** Nothing about the centre, and from its edge on smoothly to full travel. */
export function outOfBand(value: number, band: number): number {
  const size = Math.min(Math.abs(value), 1);
  return size <= band ? 0 : (Math.sign(value) * (size - band)) / (1 - band);
}

/** The sticks; undefined where the pad has too few axes, or one that tells no number. */
export function sticksOf(axes: readonly number[], { mode, deadBand, reverse }: PadSettings): Sticks | undefined {
  if (axes.length < 4 || !axes.slice(0, 4).every(Number.isFinite)) return undefined;
  const of = (stick: Stick, sign: number) => {
    const value = sign * (reverse[stick] ? -1 : 1) * outOfBand(axes[AXES[mode][stick]]!, deadBand);
    return value === 0 ? 0 : value; // no minus zero
  };
  return { roll: of('roll', 1), pitch: of('pitch', -1), yaw: of('yaw', 1), throttle: (of('throttle', -1) + 1) / 2 };
}

/** Whether nothing is asked of the aircraft: the throttle alone may stand anywhere. */
export const centred = ({ roll, pitch, yaw }: Sticks): boolean => roll === 0 && pitch === 0 && yaw === 0;

const KEPT = 'longwatch.pad';

export function remembered(text: string | null): PadSettings {
  try {
    const kept = JSON.parse(text ?? '{}') as Partial<PadSettings>;
    const mode = [1, 2, 3, 4].includes(kept.mode!) ? kept.mode! : FIRST.mode;
    const band = Number(kept.deadBand);
    return { mode, deadBand: band >= 0 && band <= 0.3 ? band : FIRST.deadBand, reverse: { ...FIRST.reverse, ...kept.reverse } };
  } catch {
    return FIRST;
  }
}

export const load = (): PadSettings => remembered(localStorage.getItem(KEPT));
export const keep = (settings: PadSettings): void => localStorage.setItem(KEPT, JSON.stringify(settings));
