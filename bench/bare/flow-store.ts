/** One flow as the bare program keeps it. */
export interface Flow {
  id: string;
  session: string;
  url: string;
  profile: unknown;
}

/** The durable steps of a flow; each resolves when it is committed. */
export interface FlowStore {
  insert(flow: Flow): Promise<void>;
  setState(id: string, state: 'SENDING' | 'RESULT' | 'DELIVERING' | 'DELIVERED', word: string): Promise<void>;
}

export const TABLE = `CREATE TABLE flow (
  id TEXT PRIMARY KEY, session TEXT NOT NULL, url TEXT NOT NULL, ask TEXT NOT NULL, state TEXT NOT NULL, word TEXT, at BIGINT NOT NULL)`;
