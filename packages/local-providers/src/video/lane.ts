/** A few places and a queue before them. */
export class Lane {
  readonly #places: number;
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(places: number) {
    this.#places = places;
  }

  /** Resolves when a place is the caller's, first come, first served. */
  async enter(): Promise<void> {
    if (this.enterAtOnce()) return;
    // Whoever leaves hands the place on.
    await new Promise<void>((go) => this.#waiting.push(go));
  }

  /** Whether a place was free, which is the caller's then. */
  enterAtOnce(): boolean {
    if (this.#taken >= this.#places) return false;
    this.#taken += 1;
    return true;
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken -= 1;
    else next();
  }
}
