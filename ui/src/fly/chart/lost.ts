// What is not seen any more: where a silent aircraft was last heard and where it should be by now, and
// how far off the place may be that is told without satellites.

import { cross, spotOf } from './live';
import { drawCircle } from './circle';
import { line, write } from '../../instruments/pen';
import { t } from '../../lib/i18n.svelte';
import { duration, withUnit, type UnitSystem } from '../../lib/units';
import type { Vehicle } from '../../lib/vehicles.svelte';
import type { Palette } from '../../map/palette';
import type { View } from '../../map/view';

// Two of three figures lie within one standard deviation along a line, in the plane 86 % within two.
const DEVIATIONS = 2;

/** How far off the place told may be [m]; undefined where satellites tell it. */
export function uncertainty(vehicle: Pick<Vehicle, 'number' | 'value'>): number | undefined {
  const fix = vehicle.value('gnss_fix');
  const accuracy = vehicle.number('position_accuracy');
  if (accuracy === undefined || (fix !== 'none' && fix !== '2d')) return undefined;
  return DEVIATIONS * accuracy;
}

export function drawLost(
  context: CanvasRenderingContext2D,
  view: View,
  vehicle: Vehicle,
  colors: Palette,
  units: UnitSystem,
): void {
  const here = spotOf(vehicle);
  if (!here) return;
  const radius = uncertainty(vehicle);
  if (radius !== undefined) {
    const text = t('fly.map.unsure', { radius: withUnit(radius, 'distance', units) });
    drawCircle(context, view, { middle: here, radius }, colors.warning, [4, 4], text);
  }
  const expected = spotOf(vehicle, 'expected_latitude_deg', 'expected_longitude_deg');
  if (!expected) return;
  const [x, y] = view.at(here);
  const [toX, toY] = view.at(expected);
  context.setLineDash([2, 6]);
  line(context, colors.warning, 2, x, y, toX, toY);
  context.setLineDash([]);
  const age = duration(vehicle.number('heartbeat_age_s') ?? 0);
  plate(context, t('fly.map.last_heard', { age }), x, y - 26, colors);
  cross(context, toX, toY, colors.warning);
  // Below the mark where the two stand close together: one does not hide the other.
  plate(context, t(`fly.map.expected.${String(vehicle.value('expected_by'))}`), toX, toY + 26, colors);
}

function plate(context: CanvasRenderingContext2D, text: string, x: number, y: number, colors: Palette): void {
  write(context, text, x, y, colors.warning, 13, { bold: true });
  const wide = context.measureText(text).width + 12;
  context.fillStyle = colors.panel;
  context.fillRect(x - wide / 2, y - 10, wide, 20);
  write(context, text, x, y, colors.warning, 13, { bold: true });
}
