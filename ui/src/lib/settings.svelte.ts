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
    document.documentElement.dataset.palette = this.chosen.palette;
    document.documentElement.lang = this.chosen.language;
    localStorage.setItem(KEPT, JSON.stringify(this.chosen));
    await useLanguage(this.chosen.language);
  }
}

export const settings = new Settings();
