import type { Clock } from '../../domain/clock.ts';
import type { Encryption } from '../../store/encryption.ts';
import { openBeside } from '../../store/open.ts';
import type { Store } from '../../store/store.ts';
import type { Config } from '../config/config.ts';
import { Audit, type AuditedAct } from '../core/audit.ts';
import { machineClock } from '../core/machine-clock.ts';

/** The store of a configuration, opened by a command; a node may run beside it. */
export interface AuditedStore extends AsyncDisposable {
  store: Store;
  encryption: Encryption;
  clock: Clock;
  audit: Audit;
  /** Notes in the audit what the command did. */
  note(act: AuditedAct): Promise<unknown>;
  /** Notes what the command is about to do, then does it, so that nothing is done without an audit entry (SEC-39). */
  audited<T>(act: AuditedAct, run: () => Promise<T>): Promise<T>;
}

export async function openAuditedStore(config: Config): Promise<AuditedStore> {
  const opened = await openBeside(config);
  const context = { store: opened.store, encryption: opened.encryption, clock: machineClock };
  const audit = new Audit(context);
  const note = (act: AuditedAct) => audit.note({ kind: 'command' }, act);
  return {
    ...context,
    audit,
    note,
    audited: async (act, run) => {
      await note(act);
      return run();
    },
    [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
  };
}
