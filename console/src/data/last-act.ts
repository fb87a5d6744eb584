import { useEffect, useState } from 'preact/hooks';
import { type ApiAnswer, callApi } from './api-client.ts';
import type { UndoRequest } from './console-api-types.ts';

/** An act of this user that can be undone for a short time. */
export interface LastAct {
  /** What was done, with who did it: "anna limited OAK-1 to 8 A until 10:44". */
  says: string;
  /** What puts back what held before; undefined: nothing can. */
  undo: UndoRequest | undefined;
  is: 'done' | 'undoing' | 'undone' | 'failed';
  answer?: ApiAnswer<unknown>;
  /** When the bar disappears, in ms of the page; it stays while the pointer or the focus is on it. */
  until: number;
}

/** How long an act can be undone. */
const UNDO_MS = 10_000;

let last: LastAct | undefined;
const listeners = new Set<() => void>();
const change = (next: LastAct | undefined) => {
  last = next;
  for (const notify of listeners) notify();
};

/** Shows what was done, and offers to undo it. */
export function announceAct(says: string, undo: UndoRequest | undefined): void {
  change({ says, undo, is: 'done', until: performance.now() + UNDO_MS });
}

/** Removes the bar. */
export const dismissAct = (): void => change(undefined);
/** Keeps the bar for its whole time again, because the user is at it. */
export const keepAct = (): void => last && change({ ...last, until: performance.now() + UNDO_MS });

/** Puts back what held before the last act, by a request that is audited like the act itself. */
export async function undoLastAct(): Promise<void> {
  const act = last;
  if (!act?.undo || act.is !== 'done') return;
  change({ ...act, is: 'undoing', until: Infinity });
  const { method, path, query, body } = act.undo;
  const answer = await callApi(path, { method, query, ...(body !== undefined && { body }) });
  change({ ...act, is: answer.ok ? 'undone' : 'failed', answer, until: performance.now() + UNDO_MS });
}

/** The last act while its bar is shown; renders again when it changes. */
export function useLastAct(): LastAct | undefined {
  const [act, set] = useState(last);
  useEffect(() => {
    const update = () => set(last);
    listeners.add(update);
    update();
    return () => void listeners.delete(update);
  }, []);
  return act;
}
