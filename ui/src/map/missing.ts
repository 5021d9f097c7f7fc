// Tiles that failed are asked for again, sooner at first, until they are there: a station that is
// away or busy comes back, and the chart asks for a tile once by itself.

import type { Map as Chart, Tile } from 'maplibre-gl';

const FIRST_MS = 2000;
const LONGEST_MS = 60_000;

export class Missing {
  private failed = new Map<string, { x: number; y: number; z: number }[]>(); // by source
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wait = FIRST_MS;

  constructor(
    private readonly chart: Chart,
    private readonly tell: (missing: boolean) => void,
  ) {
    chart.on('error', (event) => {
      const { tile, sourceId } = event as unknown as { tile?: Tile; sourceId?: string };
      if (tile && sourceId) this.put(sourceId, tile.tileID.canonical);
    });
    chart.on('idle', () => {
      if (this.failed.size > 0) return;
      this.wait = FIRST_MS;
      tell(false);
    });
  }

  private put(source: string, { x, y, z }: { x: number; y: number; z: number }): void {
    this.failed.set(source, [...(this.failed.get(source) ?? []), { x, y, z }]);
    this.tell(true);
    this.timer ??= setTimeout(() => {
      this.wait = Math.min(2 * this.wait, LONGEST_MS);
      this.ask();
    }, this.wait);
  }

  /** Ask now. */
  ask(): void {
    this.end();
    const failed = [...this.failed];
    this.failed.clear();
    for (const [source, tiles] of failed) if (this.chart.getSource(source)) this.chart.refreshTiles(source, tiles);
  }

  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
