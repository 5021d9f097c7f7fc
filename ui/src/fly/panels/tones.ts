// When a figure is coloured: the same limits as the station's alerts.

export type Tone = 'warning' | 'caution' | 'good' | '';

export function fuelTone(fuel: number | undefined, reserve: number | undefined): Tone {
  if (fuel === undefined || reserve === undefined) return '';
  return fuel < reserve ? 'warning' : fuel < 1.5 * reserve ? 'caution' : '';
}

export function returnTone(seconds: number | undefined): Tone {
  if (seconds === undefined) return '';
  return seconds < 120 ? 'warning' : seconds < 900 ? 'caution' : '';
}

export function linkTone(state: unknown): Tone {
  return state === 'lost' ? 'warning' : state === 'late' ? 'caution' : '';
}
