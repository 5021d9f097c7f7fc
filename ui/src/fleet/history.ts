// How high each aircraft was over the last minutes, for the small curve in its strip.

export const SPAN_S = 600;
const POINTS = 120;

export interface Curve {
  time: number[]; // s, the vehicle's
  value: number[]; // m
}

/** Add a point where enough time has passed; what is older than the span goes. */
export function append(curve: Curve, time: number, value: number): void {
  const last = curve.time.at(-1);
  // A vehicle that went back in time (a replay, a snapshot) begins anew.
  if (last !== undefined && time < last) curve.time.length = curve.value.length = 0;
  else if (last !== undefined && time - last < SPAN_S / POINTS) return;
  curve.time.push(time);
  curve.value.push(value);
  let old = 0;
  while (time - (curve.time[old] ?? time) > SPAN_S) old += 1;
  curve.time.splice(0, old);
  curve.value.splice(0, old);
}

/** The curve in a box of that size: x by time, newest at the right; y by value, at least `least` m tall. */
export function shape(curve: Curve, width: number, height: number, least: number): [number, number][] {
  const end = curve.time.at(-1) ?? 0;
  const [low, high] = [Math.min(...curve.value), Math.max(...curve.value)];
  const tall = Math.max(high - low, least);
  const bottom = (low + high - tall) / 2;
  return curve.time.map((time, index) => [
    width * (1 - (end - time) / SPAN_S),
    height * (1 - ((curve.value[index] ?? low) - bottom) / tall),
  ]);
}
