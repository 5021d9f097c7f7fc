// At which rate a clock that is told goes by: a simulation's may run faster than the wall's, or stand.

const WINDOW_S = 20;
const LEAST_S = 2;
const STANDS_S = 5; // of a clock that did not move for so long, and three times what it took before

export class Rate {
  private moves: { told: number; at: number }[] = [];
  private seen = 0;

  /** The clock says `told` [s] at `at`, seconds of the wall's. */
  take(told: number, at: number): void {
    const last = this.moves.at(-1);
    if (last && told < last.told) this.moves = [];
    if (told !== this.moves.at(-1)?.told) this.moves.push({ told, at });
    while (this.moves.length > 2 && at - this.moves[1]!.at > WINDOW_S) this.moves.shift();
    this.seen = at;
  }

  /** It is another clock from here on, or was not heard for a while. */
  forget(): void {
    this.moves = [];
  }

  /** Seconds of it in one of the wall's, as it was last; 1 while that cannot be told. */
  get value(): number {
    const [first, last] = [this.moves[0], this.moves.at(-1)];
    if (!first || !last) return 1;
    const step = (last.at - first.at) / Math.max(this.moves.length - 1, 1);
    if (this.seen - last.at > Math.max(STANDS_S, 3 * step)) return 0;
    return last.at - first.at < LEAST_S ? 1 : (last.told - first.told) / (last.at - first.at);
  }
}
