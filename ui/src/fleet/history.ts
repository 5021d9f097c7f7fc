// How high each aircraft was over the last minutes, for the small curve in its strip.

export const SPAN_S = 600;

export interface Curve {
  time: number[]; // s, the vehicle's
  value: number[]; // m
}

/** The end of a trail; places whose altitude was not reported are left out. */
export function recent({ time, altitude }: { time: number[]; altitude: number[] }): Curve {
  const end = time.at(-1) ?? 0;
  const curve: Curve = { time: [], value: [] };
  time.forEach((at, index) => {
    const value = altitude[index];
    if (end - at > SPAN_S || value === undefined || !Number.isFinite(value)) return;
    curve.time.push(at);
    curve.value.push(value);
  });
  return curve;
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
