import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useRoute } from './route.ts';

/** An act that the command palette asked for: its form opens filled in, and the user sends it. */
export interface AskedAct {
  act: string;
  query: URLSearchParams;
}

/** The act in the address of the page. It is taken out of the address, so that a later visit does not open its form again. */
export function useAskedAct(): AskedAct | undefined {
  const { query } = useRoute();
  const act = query.get('act');
  useEffect(() => {
    if (act !== null) history.replaceState(history.state, '', location.pathname);
  }, [query]);
  return act === null ? undefined : { act, query };
}

/** The button that sends an act that was asked for; it gets the focus once the act can be sent, so that Enter sends it. */
export function useAskedFocus(asked: AskedAct | undefined, ready: boolean): RefObject<HTMLButtonElement | null> {
  const button = useRef<HTMLButtonElement | null>(null);
  const waits = useRef(false);
  useEffect(() => {
    if (asked) waits.current = true;
  }, [asked?.query]);
  useEffect(() => {
    if (!waits.current || !ready) return;
    waits.current = false;
    button.current?.focus();
  });
  return button;
}
