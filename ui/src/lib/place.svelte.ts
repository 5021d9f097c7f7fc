// Which view is open; it stands in the address, so that reload and back keep it.

export const VIEWS = ['fly', 'plan', 'fleet', 'replay', 'journal', 'vehicle', 'settings'] as const;
export type View = (typeof VIEWS)[number];
export const VEHICLE_TABS = ['parameters', 'messages'] as const;
export type VehicleTab = (typeof VEHICLE_TABS)[number];

function fromAddress(): View {
  const name = location.hash.replace(/^#\/?/, '').split('/')[0];
  return VIEWS.find((view) => view === name) ?? 'fly';
}

function tabInAddress(): VehicleTab {
  const name = location.hash.split('/')[2];
  return VEHICLE_TABS.find((tab) => tab === name) ?? 'parameters';
}

const printAddress = (): boolean => /^#\/journal\/print$/.test(location.hash);

class Place {
  view: View = $state(fromAddress());
  tab: VehicleTab = $state(tabInAddress());
  /** The journal as a page to print. */
  printing: boolean = $state(printAddress());

  constructor() {
    addEventListener('hashchange', () => {
      this.view = fromAddress();
      this.printing = printAddress();
      if (this.view === 'vehicle') this.tab = tabInAddress();
    });
  }

  go(view: View): void {
    location.hash = `/${view}`;
    this.view = view;
  }
}

export const place = new Place();
