// Texts by key, from src/messages/LANGUAGE/*.json. English stands in for what a language lacks.

type Messages = Record<string, string>;

const english = import.meta.glob<Messages>('../messages/en/*.json', { eager: true, import: 'default' });
const others = import.meta.glob<Messages>('../messages/{tr,uk}/*.json', { import: 'default' });

const fallback: Messages = Object.assign({}, ...Object.values(english));
let current: Messages = $state.raw(fallback);

export async function useLanguage(language: string): Promise<void> {
  const files = Object.entries(others).filter(([path]) => path.includes(`/messages/${language}/`));
  const loaded = await Promise.all(files.map(([, load]) => load()));
  current = Object.assign({}, fallback, ...loaded);
}

/** The text under `key`, with {names} replaced by `values`. A missing key shows itself. */
export function t(key: string, values: Record<string, unknown> = {}): string {
  const text = current[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function has(key: string): boolean {
  return key in current;
}
