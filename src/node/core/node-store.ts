import { Fence, GENERATION } from '../../store/fence.ts';
import type { StoreLock } from '../../store/lock.ts';
import type { Progress } from '../../store/migrate.ts';
import { type OpenedStore, openNodeStore, type StoreLocation } from '../../store/open.ts';
import { lastNumber } from '../../store/sql/counter.ts';
import { IN_MEMORY } from '../../store/sqlite.ts';
import type { Store, StoreLost } from '../../store/store.ts';
import { lockStore } from '../../store/store-lock.ts';
import type { Log } from './log.ts';
import type { RunningWork } from './running-work.ts';

/** Milliseconds between two looks at the lock, the files and the generation of the store. */
const WATCH_MS = 2_000;

/** Waits by the clock of the machine, as the database server does. */
export const machineWait = (milliseconds: number): Promise<void> => new Promise((then) => setTimeout(then, milliseconds));

/** A store that one node holds. */
export interface HeldStore extends OpenedStore {
  /** Resolves when the node may not write to the store any more. */
  loss: Promise<StoreLost>;
  /** Why the node does not hold the store at this moment, in public words. */
  problem(): string | undefined;
  /** Looks at the lock, the files and the generation from now on, until the node stops. */
  watch(work: RunningWork): void;
}

/** Locks, migrates and opens the store of a node. The lock is released after the store is closed. */
export async function holdStore(at: StoreLocation, log: Log): Promise<HeldStore> {
  await using stack = new AsyncDisposableStack();
  const fence = new Fence();
  const onChange = (held: boolean) => log('warn', held ? 'lock-taken-again' : 'lock-lost', {});
  const lock = at.database === IN_MEMORY ? undefined : stack.use(await lockStore(at.database, { wait: machineWait, fence, onChange }));
  const progress = (step: Progress) => log('info', 'migrating', { ...step });
  const opened = stack.use(await openNodeStore(at, { progress, ...(lock && { fence }) }));
  const open = stack.move();
  return {
    ...opened,
    loss: fence.loss,
    problem: () => problemOf(fence, lock),
    watch: (work) => lock && watch({ fence, lock, store: opened.store, work }),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

function problemOf(fence: Fence, lock: StoreLock | undefined): string | undefined {
  if (fence.lost)
    return fence.lost.by === 'another node' ? 'another node has taken the database' : 'a file of the database was deleted or replaced; the log names it';
  return lock && !lock.held() ? 'the lock of the database is lost and is being taken again' : undefined;
}

interface Watched {
  fence: Fence;
  lock: StoreLock;
  store: Store;
  work: RunningWork;
}

/** A node without commits must notice a loss too. */
function watch(watched: Watched): void {
  const { fence, lock, store, work } = watched;
  const look = async () => {
    await lock.check();
    if (fence.checkFiles()) return;
    const generation = await store.first(lastNumber(GENERATION)).catch(() => fence.generation); // A store that is away is reported at the calls of the node.
    if (generation === fence.generation) watch(watched);
    else fence.supersededBy(generation);
  };
  work.clock.after(WATCH_MS, () => work.start('watch of the store', look));
}
