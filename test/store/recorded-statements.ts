import type { SqlValue, Store, Vault, Write } from '../../src/store/store.ts';
import { observeStatements } from '../observe-statements.ts';

/** One statement as a node ran it, with the values of its first run. */
export interface Statement {
  name: string;
  sql: string;
  values: readonly SqlValue[];
}

/** The distinct statements of the nodes whose stores are wrapped by `around`, by name. */
export interface Recorded {
  statements: ReadonlyMap<string, Statement>;
  around(store: Store): Store;
  /** Adds a statement as if a node had run it. */
  add(statement: Write): void;
}

/** Encrypts nothing: only the shape of a value matters for a plan. */
const plainVault: Vault = {
  driverOf: (uid) => uid as ReturnType<Vault['driverOf']>,
  encrypt: (_, text) => text,
  encryptCopy: (_, text) => text,
  decrypt: (text) => text,
};

export function recordStatements(): Recorded {
  const statements = new Map<string, Statement>();
  const note = ({ name, sql, values }: Write) => {
    if (!statements.has(name)) statements.set(name, { name, sql, values: values.map((value) => (typeof value === 'function' ? value(plainVault) : value)) });
  };
  return {
    statements,
    add: note,
    around: observeStatements(note),
  };
}
