// Which view is open; it stands in the address, so that reload and back keep it.

export const VIEWS = ['fly', 'plan', 'fleet', 'replay', 'journal', 'settings'] as const;
export type View = (typeof VIEWS)[number];

function fromAddress(): View {
  const name = location.hash.replace(/^#\/?/, '').split('/')[0];
  return VIEWS.find((view) => view === name) ?? 'fly';
}

class Place {
  view: View = $state(fromAddress());

  constructor() {
    addEventListener('hashchange', () => {
      this.view = fromAddress();
    });
  }

  go(view: View): void {
    location.hash = `/${view}`;
  }
}

export const place = new Place();
