// What the station says, as docs/station-wire.md has it.

export type Value = number | string | boolean;
export type Role = 'observer' | 'pilot' | 'commander' | 'instructor';
export type Severity = 'warning' | 'caution' | 'advisory';
export type PlanKind = 'mission' | 'fence' | 'rally';

export interface Session {
  user: string | null;
  roles: Role[];
  languages: string[];
  simulation: boolean;
  replay: boolean;
}

export interface VehicleInfo {
  id: string;
  system: number;
  name: string;
  autopilot: string;
  type: string;
  pilot: string | null;
  manual?: string | null; // who flies it by hand
  links: { name: string; state: string; age_s: number }[];
  modes: { name: string; selectable: boolean }[];
  commands: string[];
  replay: boolean;
  aircraft: string | null; // its datasheet, where it is one of Longwatch's
  barred: Record<string, string>; // commands that cannot be done now: message fly.why.KEY
  cards: Record<string, string>; // commands that read otherwise: message fly.does.COMMAND.KEY
  parameters?: { known: number; count: number | null; version: number };
}

export interface Alert {
  key: string;
  severity: Severity;
  since_s: number;
  text: string | null;
  told: string[]; // what the vehicle itself said of it
  values: Record<string, Value>;
  cause: string | null; // key of the alert that it follows from
  acknowledged: boolean;
  beneath?: Alert[]; // those that follow from it
}

export interface Item {
  command: number;
  frame: number;
  params: (number | null)[];
  latitude_deg: number | null;
  longitude_deg: number | null;
  altitude: number | null;
  autocontinue: boolean;
}

export interface PlanAboard {
  count: number;
  digest: string;
  items: Item[];
  source: 'upload' | 'download';
}

export interface Transfer {
  direction: 'upload' | 'download';
  done: number;
  total: number;
  state: string;
  text: string;
}

export interface Entry {
  id: number;
  time_s: number;
  user: string;
  vehicle: string | null;
  kind: string;
  name: string;
  arguments: Record<string, unknown>;
  result: string | null; // null while under way
  text: string;
  vehicle_name: string | null; // as it was called then; null in what is older
  vehicle_time_s: number | null; // its own clock then [s of UTC]
}

export interface Timer {
  id: number;
  vehicle: string;
  name: string;
  checklist: string | null; // the list that it repeats
  period_s: number;
  repeats: boolean;
  due_s: number | null; // by its clock [s of UTC]; null while it stands
  by: string;
  clock: 'vehicle' | 'station';
  due: boolean;
}

export interface Note {
  id: number;
  vehicle: string | null; // null: for the whole station
  vehicle_name: string | null;
  text: string;
  by: string;
  written_s: number;
  vehicle_time_s: number | null;
  signed_by: string | null;
  signed_s: number | null;
  signed_vehicle_time_s: number | null;
}

export interface Quantity {
  name: string;
  unit: string;
  meaning: string;
  source: string;
  panel: string;
}

export interface CommandResult {
  result:
    | 'accepted'
    | 'denied'
    | 'temporarily_rejected'
    | 'unsupported'
    | 'failed'
    | 'no_answer';
  text: string;
  elapsed_s: number;
}

export interface ReplayState {
  id: string;
  begin_utc_s: number; // of the log's beginning, 0 where it does not say
  position_s: number;
  duration_s: number;
  speed: number;
  playing: boolean;
  events: { time_s: number; severity: string; text: string }[];
}
