// Opening, moving and closing a replay.

import { post, Refused, remove } from '../lib/api';
import { notices } from '../lib/notices.svelte';

export interface Log {
  path: string;
  name: string;
  kind: 'tlog' | 'flight';
  bytes: number;
  changed_s: number;
}

interface Opened {
  id: string;
  vehicles: (string | { id: string })[];
}

async function tried<T>(what: () => Promise<T>): Promise<T | undefined> {
  try {
    return await what();
  } catch (error) {
    notices.refuse(error);
    return undefined;
  }
}

export const openPath = (path: string) => tried(() => post<Opened>('/api/replay', { path }));

export function openFile(file: File): Promise<Opened | undefined> {
  return tried(async () => {
    const answer = await fetch(`/api/replay/file?name=${encodeURIComponent(file.name)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/octet-stream' },
      body: file,
    }).catch(() => {
      throw new Refused(0, 'no_station', []);
    });
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) throw new Refused(answer.status, told.error ?? answer.statusText, told.faults ?? []);
    return told as Opened;
  });
}

export const steer = (id: string, body: { playing?: boolean; speed?: number; position_s?: number }) =>
  tried(() => post(`/api/replay/${encodeURIComponent(id)}`, body));

export const close = (id: string) => tried(() => remove(`/api/replay/${encodeURIComponent(id)}`));
