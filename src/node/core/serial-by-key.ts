/** Runs work one piece after another for each key, so that each piece sees what the one before it wrote. */
export class SerialByKey<K> {
  readonly #last = new Map<K, Promise<void>>();

  /** Keys with work that runs or waits. */
  get size(): number {
    return this.#last.size;
  }

  /** Resolves or rejects with the work; a failure does not stop later work of the same key. */
  run<T>(key: K, work: () => Promise<T>): Promise<T> {
    const done = (this.#last.get(key) ?? Promise.resolve()).then(work);
    const settled = Promise.allSettled([done]).then(() => {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    });
    this.#last.set(key, settled);
    return done;
  }
}
