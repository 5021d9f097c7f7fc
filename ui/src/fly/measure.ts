// For `longwatch bench station`: with `?measure` in the address, what the page counts can be read.

import { fleet } from '../lib/vehicles.svelte';

export function offerMeasures(): void {
  if (!new URLSearchParams(location.search).has('measure')) return;
  (window as unknown as Record<string, unknown>).longwatch = { fleet };
}
