import type { Write, Written } from './store.ts';

interface Unit {
  writes: readonly Write[];
  done: (written: readonly Written[]) => void;
  failed: (error: unknown) => void;
}

/** The store is out of reach or blocked, and may or may not have done what it was asked: no unit's own fault, so none is tried again. */
export class CommitInDoubt extends Error {}

/** Carries out several units in one transaction; all of it or, by throwing, nothing. */
export type Transact = (writes: readonly Write[]) => readonly Written[] | Promise<readonly Written[]>;

/**
 * Lets the units that are ready in one turn of the event loop share one transaction, and those that come while it
 * runs share the next. A group that the store refused is tried again unit by unit, so that a unit fails only by its
 * own fault; one in doubt fails as a whole.
 */
export function groupCommits(transact: Transact): (writes: readonly Write[]) => Promise<readonly Written[]> {
  let waiting: Unit[] = [];
  let running = false;

  async function drain() {
    while (waiting.length > 0) {
      await nextTurn();
      const group = waiting;
      waiting = [];
      await settle(transact, group);
    }
    running = false;
  }

  return (writes) =>
    new Promise((done, failed) => {
      waiting.push({ writes, done, failed });
      if (running) return;
      running = true;
      void drain();
    });
}

const nextTurn = () => new Promise((then) => setImmediate(then));

async function settle(transact: Transact, group: readonly Unit[]): Promise<void> {
  try {
    const written = await transact(group.flatMap((unit) => unit.writes));
    let from = 0;
    for (const unit of group) {
      unit.done(written.slice(from, from + unit.writes.length));
      from += unit.writes.length;
    }
  } catch (error) {
    const [only, ...others] = group;
    if (others.length === 0) only?.failed(error);
    else if (error instanceof CommitInDoubt) for (const unit of group) unit.failed(error);
    else for (const unit of group) await settle(transact, [unit]);
  }
}
