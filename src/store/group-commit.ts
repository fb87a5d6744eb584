import { StoreUnavailable, type Write, type Written } from './store.ts';

/** The writes of one caller, committed together. */
interface Unit {
  writes: readonly Write[];
  done: (written: readonly Written[]) => void;
  failed: (error: unknown) => void;
}

/** The store is unreachable or blocked, and it is unknown whether the group was committed. No unit caused this, so no unit is tried again. */
export class CommitInDoubt extends StoreUnavailable {
  override readonly name = 'CommitInDoubt';
}

/** Executes all writes in one transaction; throws when the transaction failed. */
export type Transact = (writes: readonly Write[]) => readonly Written[] | Promise<readonly Written[]>;

/** A group waits at most for so many turns of the event loop. */
const MAX_TURNS = 8;

/**
 * Commits units in groups, each group in one transaction. A group is complete when a turn of the event loop brings no further unit, so
 * that groups grow with the load; units that arrive during its transaction belong to the next group.
 * When the store refuses a group, each unit is tried again alone, so that only the wrong unit fails. When the result of a commit
 * is unknown (`CommitInDoubt`), the whole group fails.
 */
export function groupCommits(transact: Transact): (writes: readonly Write[]) => Promise<readonly Written[]> {
  let waiting: Unit[] = [];
  let running = false;

  async function gather() {
    let seen = 0;
    for (let turn = 0; turn < MAX_TURNS && waiting.length > seen; turn++) {
      seen = waiting.length;
      await nextTurn();
    }
  }

  async function drain() {
    while (waiting.length > 0) {
      await gather();
      const group = waiting;
      waiting = [];
      await commitGroup(transact, group);
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

async function commitGroup(transact: Transact, group: readonly Unit[]): Promise<void> {
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
    else for (const unit of group) await commitGroup(transact, [unit]);
  }
}
