// How this browser's user likes the fly view: kept here, for it goes with the screen, not the user.

const KEPT = 'longwatch.fly';

interface Kept {
  closed: Record<string, boolean>;
  shown: { trails: boolean; plan: boolean; rings: boolean; reach: boolean; labels: boolean };
  follow: boolean;
  tab: 'systems' | 'checks';
  plots: boolean; // beside the chart
  plotted: string[];
  plotSpan: number; // s
  lower: 'instruments' | 'systems' | 'checks' | 'commands'; // on a phone
}

const FIRST: Kept = {
  closed: {},
  shown: { trails: true, plan: true, rings: true, reach: true, labels: true },
  follow: true,
  tab: 'systems',
  plots: false,
  plotted: ['altitude_msl', 'airspeed'],
  plotSpan: 3600,
  lower: 'instruments',
};

function read(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Kept>;
    return { ...FIRST, ...kept, shown: { ...FIRST.shown, ...kept.shown } };
  } catch {
    return FIRST;
  }
}

export const remembered: Kept = $state(read());

/** To be called once, inside a component: keeps what changes. */
export function keepRemembered(): void {
  $effect(() => localStorage.setItem(KEPT, JSON.stringify(remembered)));
}
