// The station's judgement of the document, asked for anew 300 ms after the last change. Answers to
// questions that were overtaken are dropped.

import { get, post, Refused, type Told } from '../../lib/api';
import { fleet } from '../../lib/vehicles.svelte';
import type { PlanDocument } from '../document/document';
import type { Judged, ProfilePoint } from './judged';
import { sketchedProfile } from './sketch';

export interface AircraftKind {
  name: string;
  title: string;
  cruise_airspeed?: number;
  fuel_capacity_kg?: number;
  payload_capacity_kg?: number;
  empty_mass_kg?: number;
  takeoff_mass_capacity_kg?: number;
  glide_path?: number;
  final_length?: number;
  bank_maximum?: number;
  [key: string]: unknown;
}

export interface Question {
  document: PlanDocument;
  aircraft: string;
  payload_kg: number;
  fuel_kg: number | null;
  wind: { speed: number; from: number };
}

const WAIT_MS = 300;
const CRUISE = 36; // m/s, where the station names no aircraft

/**
 * Asks one question at a time: what is put while one is open waits, the newest only. `answer` hears
 * of nothing that was overtaken.
 */
export class Latest<Q, A> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private newest = 0;
  private open = false;
  private next: { question: Q; number: number } | null = null;

  constructor(
    private readonly ask: (question: Q) => Promise<A>,
    private readonly answer: (answer: A | null, error: unknown) => void,
    private readonly wait = WAIT_MS,
  ) {}

  put(question: Q): void {
    clearTimeout(this.timer);
    const number = ++this.newest;
    this.timer = setTimeout(() => {
      this.next = { question, number };
      if (!this.open) void this.work();
    }, this.wait);
  }

  drop(): void {
    clearTimeout(this.timer);
    this.newest += 1;
    this.next = null;
  }

  private async work(): Promise<void> {
    this.open = true;
    while (this.next) {
      const { question, number } = this.next;
      this.next = null;
      const [answer, error] = await this.ask(question).then(
        (found): [A | null, unknown] => [found, null],
        (failed): [A | null, unknown] => [null, failed],
      );
      if (number === this.newest) this.answer(answer, error);
    }
    this.open = false;
  }
}

class Judge {
  judged: Judged | null = $state.raw(null);
  /** Why there is no judgement: the station's refusal. */
  refused: { text: string; faults: Told[] } | null = $state.raw(null);
  /** The profile as drawn, of a document that was refused. */
  sketched: ProfilePoint[] = $state.raw([]);
  waiting = $state(false);
  kinds: AircraftKind[] = $state.raw([]);
  aircraft = $state('');
  payload = $state(0);
  fuel: number | null = $state(null); // null: all that the tank holds
  wind = $state({ speed: 0, from: 0 });
  /** The crew gave a wind speed, be it 0; else calm is assumed. */
  windGiven = $state(false);
  terrain: boolean | null = $state(null);

  private latest = new Latest<Question, Judged>(
    (question) => post<Judged>('/api/judge', question),
    (judged, error) => {
      this.waiting = false;
      this.judged = judged;
      this.refused = judged ? null : told(error);
      this.sketched = [];
      if (!judged) void this.drawAnyway();
    },
  );
  private document: PlanDocument | null = null;

  private async drawAnyway(): Promise<void> {
    const document = this.document;
    if (!document) return;
    const points = await sketchedProfile(document, this.kind?.cruise_airspeed ?? CRUISE);
    if (document === this.document && !this.judged) this.sketched = points;
  }

  get kind(): AircraftKind | undefined {
    return this.kinds.find((kind) => kind.name === this.aircraft);
  }

  async load(): Promise<void> {
    if (this.kinds.length > 0) return;
    this.kinds = await get<AircraftKind[]>('/api/aircraft');
    const [own, usual] = [fleet.selected?.info.aircraft, 'tb2'].map((name) => this.kinds.find((kind) => kind.name === name));
    this.aircraft = (own ?? usual ?? this.kinds[0])?.name ?? '';
  }

  ask(document: PlanDocument): void {
    this.document = document;
    if (this.aircraft === '') return;
    if (document.mission.items.length === 0) {
      this.latest.drop();
      this.judged = this.refused = null;
      this.sketched = [];
      this.waiting = false;
      return;
    }
    this.waiting = true;
    this.latest.put({
      document,
      aircraft: this.aircraft,
      payload_kg: this.payload,
      fuel_kg: this.fuel,
      wind: { ...this.wind },
    });
  }
}

function told(error: unknown): { text: string; faults: Told[] } {
  if (!(error instanceof Refused)) throw error;
  const plain = error.faults.map((text): Told => ({ text, figures: [] }));
  return { text: error.message, faults: error.told.length > 0 ? error.told : plain };
}

export const judge = new Judge();
