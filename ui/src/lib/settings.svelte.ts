// What each user chose: units, palette, language. Kept by the station, and here for the first paint.

import { get, put } from './api';
import { heardOf, type Heard } from './heard';
import { useLanguage } from './i18n.svelte';
import type { UnitSystem } from './units';

export interface Choices {
  units: UnitSystem;
  palette: 'day' | 'night';
  language: string;
  sound: Heard; // which alerts are heard
}

const KEPT = 'longwatch.settings';

function first(): Choices {
  const night = matchMedia('(prefers-color-scheme: dark)').matches;
  const language = navigator.language.slice(0, 2);
  const found: Choices = {
    units: 'aviation',
    palette: night ? 'night' : 'day',
    language: ['en', 'tr', 'uk'].includes(language) ? language : 'en',
    sound: 'warnings',
  };
  try {
    const kept = { ...found, ...JSON.parse(localStorage.getItem(KEPT) ?? '{}') };
    return { ...kept, sound: heardOf(kept.sound) };
  } catch {
    return found;
  }
}

class Settings {
  chosen: Choices = $state(first());
  private paper = false;

  /** What is printed has the day's colours, whatever the screen's are. */
  onPaper(paper: boolean): void {
    this.paper = paper;
    document.documentElement.classList.toggle('paper', paper);
    this.paint();
  }

  private paint(): void {
    document.documentElement.dataset.palette = this.paper ? 'day' : this.chosen.palette;
  }

  async load(): Promise<void> {
    try {
      Object.assign(this.chosen, await get<Partial<Choices>>('/api/settings'));
    } catch {
      // What this browser remembers will do.
    }
    await this.apply();
  }

  async set(change: Partial<Choices>): Promise<void> {
    Object.assign(this.chosen, change);
    await this.apply();
    await put('/api/settings', $state.snapshot(this.chosen)).catch(() => undefined);
  }

  async apply(): Promise<void> {
    this.paint();
    document.documentElement.lang = this.chosen.language;
    localStorage.setItem(KEPT, JSON.stringify(this.chosen));
    await useLanguage(this.chosen.language);
  }
}

export const settings = new Settings();
