// Opening, moving and closing a replay.

import { post, Refused, remove } from '../lib/api';
import { t } from '../lib/i18n.svelte';
import { notices } from '../lib/notices.svelte';
import type { ReplayState } from '../lib/types';
import { firstAlert } from './timeline';

export interface Log {
  path: string;
  name: string;
  kind: 'tlog' | 'flight';
  bytes: number;
  changed_s: number;
}

type Opened = ReplayState;

async function tried<T>(what: () => Promise<T>): Promise<T | undefined> {
  try {
    return await what();
  } catch (error) {
    notices.refuse(error);
    return undefined;
  }
}

export const openPath = (path: string) => tried(() => post<Opened>('/api/replay', { path }));

/** Open a log where its first alert is, standing still. */
export async function openAtAlert(path: string): Promise<void> {
  const opened = await openPath(path);
  if (!opened) return;
  const alert = firstAlert(opened.events);
  if (alert) await steer(opened.id, { playing: false, position_s: alert.time_s });
  else notices.say(t('replay.no_alerts'));
}

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
