// Alerts that are heard, all of them or warnings alone, as the crew wants it: three high notes for a warning, again every 5 s
// until it is acknowledged; two low ones for a caution, once.

import { HEARD, type Heard } from '../lib/heard';
import type { Severity } from '../lib/types';

const REPEAT_MS = 5000;
const NOTES = { warning: [880, 660, 880], caution: [520, 520] };
let audio: AudioContext | undefined;
let last = 0;
let heard: string | undefined;

/** What the button makes of it next. */
export const next = (heard: Heard): Heard => HEARD[(HEARD.indexOf(heard) + 1) % HEARD.length]!;

export function sound(calls: Severity | undefined, which: string, on: Heard, now: number): void {
  if (on === 'off' || (calls !== 'warning' && (calls !== 'caution' || on !== 'all'))) {
    heard = calls === undefined ? undefined : heard;
    return;
  }
  const anew = heard !== which;
  if (!anew && (calls === 'caution' || now - last < REPEAT_MS)) return;
  [heard, last] = [which, now];
  audio ??= new AudioContext();
  // A page that was not touched yet may not be heard: then this waits for the next alert.
  if (audio.state === 'suspended') void audio.resume();
  NOTES[calls].forEach((pitch, index) => note(audio!, pitch, audio!.currentTime + index * 0.22));
}

function note(context: AudioContext, pitch: number, at: number): void {
  const [tone, volume] = [context.createOscillator(), context.createGain()];
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, at);
  volume.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.18);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + 0.2);
}
