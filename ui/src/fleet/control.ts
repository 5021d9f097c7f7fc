import { post } from '../lib/api';
import { notices } from '../lib/notices.svelte';

/** Become the pilot of a vehicle, or give it back. */
export async function takeControl(id: string, take: boolean): Promise<void> {
  try {
    await post(`/api/vehicles/${encodeURIComponent(id)}/control`, { take });
  } catch (error) {
    notices.refuse(error);
  }
}

export async function acknowledge(id: string, key: string): Promise<void> {
  try {
    await post(`/api/vehicles/${encodeURIComponent(id)}/alerts/${encodeURIComponent(key)}/acknowledge`);
  } catch (error) {
    notices.refuse(error);
  }
}
