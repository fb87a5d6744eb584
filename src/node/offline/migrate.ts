import { type Progress, SHAPE } from '../../store/migrate.ts';
import { openNodeStore } from '../../store/open.ts';
import { IN_MEMORY } from '../../store/sqlite.ts';
import { lockStore } from '../../store/store-lock.ts';
import type { Config } from '../config/config.ts';
import { machineWait } from '../core/node-store.ts';

/** What `evenkeel migrate` may be told. */
export interface MigrateOptions {
  progress(step: Progress): void;
  /** A new database may stand beside the key file and the vault of an earlier one. */
  keepKey: boolean;
  /** The vault is lost: a new one takes its place, and drivers read as erased. */
  newVault?: boolean;
}

/** Brings the database of a configuration to the shape of this release, as the start of a node does, and returns its number. Throws `StoreInUse` while a node runs on it. */
export async function migrateStore(config: Config, options: MigrateOptions): Promise<number> {
  if (config.database === IN_MEMORY) return SHAPE;
  await using _lock = await lockStore(config.database, { wait: machineWait });
  await using _store = await openNodeStore(config, options);
  return SHAPE;
}
