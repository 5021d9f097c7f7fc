import { describe, expect, it } from 'vitest';
import { plottable } from '../src/plots/quantities';

type Messages = Record<string, string>;
const files = import.meta.glob<Messages>('../src/messages/*/*.json', { eager: true, import: 'default' });
const LANGUAGES = ['en', 'tr', 'uk'];
const AREAS = [...new Set(Object.keys(files).map((path) => path.split('/').pop()!))];

// What simulation and judge say in English themselves is written for the other languages alone.
const reference = (area: string): string => (['faults.json', 'judge.json'].includes(area) ? 'tr' : 'en');
const languages = (area: string): string[] => LANGUAGES.filter((one) => reference(area) === 'en' || one !== 'en');
const of = (language: string, area: string) => files[`../src/messages/${language}/${area}`] ?? {};
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();

describe.each(AREAS)('%s', (area) => {
  it('has the same keys in every language', () => {
    const keys = Object.keys(of(reference(area), area)).sort();
    for (const language of languages(area)) expect(Object.keys(of(language, area)).sort(), language).toEqual(keys);
  });

  it('has the same placeholders in every language, and no empty text', () => {
    for (const language of languages(area))
      for (const [key, text] of Object.entries(of(language, area))) {
        expect(text.trim(), `${language} ${key}`).not.toBe('');
        expect(placeholders(text), `${language} ${key}`).toEqual(placeholders(of(reference(area), area)[key] ?? ''));
      }
  });
});

describe('the page', () => {
  const sources = import.meta.glob<string>('../src/**/*.{svelte,ts}', {
    eager: true,
    query: '?raw',
    import: 'default',
  });
  const known = new Set(AREAS.flatMap((area) => Object.keys(of('en', area))));

  it('asks for no text that is not there', () => {
    const missing = Object.entries(sources).flatMap(([path, text]) =>
      [...text.matchAll(/\bt\(\s*'([a-z_]+\.[\w.]+)'/g)]
        .map((found) => found[1]!)
        .filter((key) => !known.has(key))
        .map((key) => `${path}: ${key}`),
    );
    expect(missing).toEqual([]);
  });

  it('shows no button for files that speaks the browser’s language', () => {
    const native = Object.values(sources).flatMap((text) => text.match(/<input\b[^>]*type="file"[^>]*>/g) ?? []);
    expect(native.length).toBeGreaterThan(0);
    expect(native.filter((one) => !one.includes('visually-hidden'))).toEqual([]);
  });

  it('turns no text of a vehicle or file into markup', () => {
    const raw = Object.entries(sources).filter(([, text]) => /\{@html|innerHTML|insertAdjacentHTML/.test(text));
    expect(raw.map(([path]) => path)).toEqual([]);
  });
});

describe('modes and phases', () => {
  const python = import.meta.glob<string>('../../src/longwatch/station/vehicles/{modes,quantities_flight}.py', {
    eager: true,
    query: '?raw',
    import: 'default',
  });
  const source = Object.values(python).join('\n');
  const quoted = (text: string) => [...text.matchAll(/"([^"]+)"/g)].map((found) => found[1]!);

  it('have words for whatever the station may name', () => {
    const tables = source.slice(source.indexOf('TABLES = {'), source.indexOf('# What the station itself asks for'));
    const standard = source.slice(source.indexOf('STANDARD_NAMES = {'), source.indexOf('# Modes of the published'));
    const modes = [...new Set(quoted(tables + standard))].filter((name) => /^[A-Z]/.test(name) && !name.includes('{'));
    const phases = quoted(source.slice(source.indexOf('LOG_PHASES = ('), source.indexOf('_ROLLING')));
    expect([modes.length > 40, phases.length]).toEqual([true, 17]);
    const words = of('en', 'modes.json');
    const slug = (name: string) => name.toLowerCase().replaceAll(/[ -]/g, '_');
    const key = (name: string) => (name === name.toUpperCase() ? `mode.ardupilot.${slug(name)}` : `mode.${slug(name)}`);
    expect(modes.filter((name) => !(key(name) in words))).toEqual([]);
    expect(phases.filter((name) => !(`phase.${slug(name)}` in words))).toEqual([]);
  });
});

describe('quantities', () => {
  const tables = import.meta.glob<string>('../../src/longwatch/station/vehicles/quantities_*.py', {
    eager: true,
    query: '?raw',
    import: 'default',
  });
  const named = Object.values(tables).flatMap((text) => [...text.matchAll(/Quantity\(\s*"(\w+)", "([^"]*)"/g)]);

  it('that can be plotted have a label', () => {
    const all = named.map(([, name, unit]) => ({ name: name!, unit: unit!, meaning: '', source: '', panel: '' }));
    expect(all.length).toBeGreaterThan(90);
    const words = { ...of('en', 'plots.json'), ...of('en', 'fly.json') };
    const labelled = (name: string) => `plots.quantity.${name}` in words || `fly.quantity.${name}` in words;
    expect(plottable(all).filter(({ name }) => !labelled(name))).toEqual([]);
  });
});
