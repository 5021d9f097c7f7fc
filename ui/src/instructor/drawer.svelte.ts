// Whether the instructor's drawer is open, and for which aircraft.

import type { connection } from '../lib/session.svelte';

class Drawer {
  open = $state(false);

  /** Only who is an instructor has it, and only where there is a simulation. */
  allowed(told: Pick<typeof connection, 'session' | 'can'>): boolean {
    return told.session.simulation && told.can('instructor');
  }
}

export const drawer = new Drawer();
