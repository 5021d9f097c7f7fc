// Undo and redo over immutable documents: a step is a name and the document before and after.

export interface Step<T> {
  label: string; // message key under plan.step.
  before: T;
  after: T;
  merge: string | null;
}

export interface History<T> {
  past: Step<T>[];
  future: Step<T>[];
}

export const MOST_STEPS = 500;

export const noHistory = <T>(): History<T> => ({ past: [], future: [] });

/** With the step done. Steps in a row of one `merge` key are one step: a drag, a held key. */
export function done<T>(history: History<T>, step: Step<T>): History<T> {
  const last = history.past.at(-1);
  if (step.merge !== null && last?.merge === step.merge && history.future.length === 0)
    return { past: [...history.past.slice(0, -1), { ...step, before: last.before }], future: [] };
  return { past: [...history.past, step].slice(-MOST_STEPS), future: [] };
}

export function undone<T>(history: History<T>): { history: History<T>; step: Step<T> } | null {
  const step = history.past.at(-1);
  if (!step) return null;
  return { step, history: { past: history.past.slice(0, -1), future: [step, ...history.future] } };
}

export function redone<T>(history: History<T>): { history: History<T>; step: Step<T> } | null {
  const step = history.future[0];
  if (!step) return null;
  return { step, history: { past: [...history.past, step], future: history.future.slice(1) } };
}

/** The next step starts afresh, even of the same merge key. */
export function sealed<T>(history: History<T>): History<T> {
  const last = history.past.at(-1);
  if (!last || last.merge === null) return history;
  return { ...history, past: [...history.past.slice(0, -1), { ...last, merge: null }] };
}
