// Open, save, export: what the toolbar and the keyboard ask for.

import { post, Refused } from '../../lib/api';
import { download } from '../../lib/download';
import { has, t } from '../../lib/i18n.svelte';
import { notices } from '../../lib/notices.svelte';
import { emptyPlan } from '../document/document';
import { openText, planText, saveMission, stem, wplText } from '../document/files';
import { judge } from '../judging/judge.svelte';
import { editor } from './editor.svelte';
import { stage } from './stage.svelte';

export const LARGEST_FILE = 4_000_000;

/** Go on where nothing is lost; ask first where something would be. */
export function guarded(go: () => void): void {
  if (editor.dirty) stage.dialog = { kind: 'unsaved', go };
  else go();
}

export function newPlan(): void {
  guarded(() => {
    editor.open(emptyPlan(), '');
    editor.tool = 'waypoint';
  });
}

export function pickFile(): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.plan,.waypoints,.txt,.json';
  input.onchange = () => input.files?.[0] && openFile(input.files[0]);
  input.click();
}

export function openFile(file: File): void {
  guarded(() => void readFile(file));
}

async function readFile(file: File): Promise<void> {
  try {
    if (file.size > LARGEST_FILE) throw new Refused(413, t('plan.file.large', { name: file.name }), []);
    const plan = await openText(file.name, await file.text());
    editor.open(plan, stem(file.name), null, false);
    stage.tab = 'mission';
  } catch (error) {
    told(t('plan.file.refused', { name: file.name }), error);
  }
}

/** Every fault of what was refused, in a dialog of its own. */
export function told(title: string, error: unknown): void {
  if (!(error instanceof Refused)) throw error;
  const key = `common.error.${error.message}`;
  stage.dialog = { kind: 'faults', title, text: has(key) ? t(key) : error.message, faults: error.faults };
}

export async function save(asNew = false): Promise<void> {
  if (editor.name.trim() === '') editor.name = t('plan.file.unnamed');
  try {
    const kept = await saveMission(editor.name.trim(), editor.plan, asNew ? null : editor.stored);
    editor.saved({ id: kept.id, version: kept.version });
    notices.say(t('plan.file.saved', { name: editor.name }));
  } catch (error) {
    if (error instanceof Refused && error.status === 409) stage.dialog = { kind: 'conflict' };
    else told(t('plan.file.not_saved'), error);
  }
}

const fileName = (): string => (editor.name.trim() || t('plan.file.unnamed')).replace(/[^\p{L}\p{N} ._-]/gu, '_');

export async function exportPlan(): Promise<void> {
  try {
    download(`${fileName()}.plan`, await planText(editor.plan));
  } catch (error) {
    told(t('plan.file.no_plan'), error);
  }
}

export async function exportWpl(): Promise<void> {
  try {
    download(`${fileName()}.waypoints`, await wplText(editor.plan));
  } catch (error) {
    told(t('plan.file.no_wpl'), error);
  }
}

/** Whether the station has terrain: asked once, with any place. */
export async function askTerrain(): Promise<void> {
  const answer = await post<{ loaded: boolean }>('/api/elevation', { points: [[41.13, 27.92]] }).catch(() => null);
  judge.terrain = answer?.loaded ?? null;
}
