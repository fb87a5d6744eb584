/** Work by name, one piece after the other for each name: each finds what the one before left. */
export class SerialByKey<K> {
  readonly #last = new Map<K, Promise<void>>();

  /** Resolves, or rejects, with the work; those that come after it are not disturbed by its failure. */
  run<T>(key: K, work: () => Promise<T>): Promise<T> {
    const done = (this.#last.get(key) ?? Promise.resolve()).then(work);
    const settled = Promise.allSettled([done]).then(() => {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    });
    this.#last.set(key, settled);
    return done;
  }
}
