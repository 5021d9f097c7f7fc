// The station's judgement of a document, as docs/station-wire.md has it.

import type { Told } from '../../lib/api';

export interface Finding {
  severity: 'error' | 'warning';
  item: number | null;
  message: string;
  remedy: string;
  told?: { message: Told; remedy: Told };
}

export interface ItemNumbers {
  sequence: number;
  name: string;
  altitude_msl: number | null;
  ground_msl: number | null;
  ceiling: number | null;
  speed: number | null;
  leg: number | null;
  climb_deg: number | null;
  ground_speed: number | null;
  time: number | null;
  fuel: number | null;
}

export interface ProfilePoint {
  distance: number;
  time_s: number;
  altitude_msl: number;
  ground_msl: number | null;
}

export interface Judged {
  flyable: boolean;
  findings: Finding[];
  items: ItemNumbers[];
  fuel: { loaded: number; needed: number; contingency: number; reserve: number; time: number; distance: number };
  messages: string[];
  told: { findings: { message: Told; remedy: Told }[]; messages: Told[] };
  profile: ProfilePoint[];
  track: [number, number][];
}
