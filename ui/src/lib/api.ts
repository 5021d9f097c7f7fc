// JSON to and from the station. A refusal is an error with all its faults.

/** A text with {0}, {1}, ... for its figures, and those, in SI; "text" is shown as it is. */
export interface Told {
  text: string;
  figures: [kind: string, value: number | string][];
}

export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly faults: string[],
    readonly told: Told[] = [], // the faults, for the reader's units
  ) {
    super(message);
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

async function ask<T>(method: Method, path: string, body?: unknown): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch {
    throw new Refused(0, 'no_station', []);
  }
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(answer.status, told.error ?? answer.statusText, told.faults ?? [], told.told);
  return told as T;
}

export const get = <T>(path: string): Promise<T> => ask<T>('GET', path);
export const post = <T>(path: string, body: unknown = {}): Promise<T> => ask<T>('POST', path, body);
export const put = <T>(path: string, body: unknown): Promise<T> => ask<T>('PUT', path, body);
export const remove = <T>(path: string): Promise<T> => ask<T>('DELETE', path, {});
