import { useLayoutEffect } from 'preact/hooks';
import { undoLastAct } from './last-act.ts';
import { navigate, pathTo } from './route.ts';

/** The pages of the navigation; the key g and then this letter opens one. */
export const pageShortcuts = [
  { key: 'o', page: 'overview', to: [] },
  { key: 's', page: 'sessions', to: ['sessions'] },
  { key: 'e', page: 'exchanges', to: ['exchanges'] },
  { key: 'p', page: 'peers', to: ['parties'] },
  { key: 't', page: 'stations', to: ['stations'] },
  { key: 'i', page: 'sites', to: ['sites'] },
  { key: 'b', page: 'steering', to: ['steering'] },
  { key: 'l', page: 'plan', to: ['plan'] },
  { key: 'a', page: 'audit', to: ['audit'] },
  { key: 'k', page: 'access', to: ['access'] },
] as const;

/** The second key must follow within this time. */
const SECOND_KEY_MS = 1500;

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || document.querySelector('dialog[open]');

/** What j and k go through: the first link of each alarm, never a button that acts, and the name of each row of a table. */
const STOPS = ['.alarm-acts>a:first-of-type', 'tbody>tr>td:first-child>div>a'].join();

/** Puts the focus on the next or the previous alarm or row of the page. */
function goToRow(by: 1 | -1): void {
  // Alarms that are folded away cannot take the focus.
  const stops = [...document.querySelectorAll<HTMLElement>(STOPS)].filter((it) => it.checkVisibility());
  const at = stops.findIndex((it) => it.isSameNode(document.activeElement));
  stops[at < 0 ? (by === 1 ? 0 : stops.length - 1) : Math.min(stops.length - 1, Math.max(0, at + by))]?.focus();
}

/** Handles the keyboard shortcuts, from the first moment that the page is seen: g and a letter opens a page, / goes to the search field, j and k go through alarms and rows, u undoes the last act, ? shows the list. */
export function useShortcuts(onHelp: () => void): void {
  useLayoutEffect(() => {
    let first = 0;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const page = pageShortcuts.find((it) => it.key === event.key);
      const field = document.querySelector<HTMLInputElement>('input[type=search]');
      if (performance.now() - first < SECOND_KEY_MS && page) navigate(pathTo(...page.to));
      else if (event.key === '?') onHelp();
      else if (event.key === 'j' || event.key === 'k') goToRow(event.key === 'j' ? 1 : -1);
      else if (event.key === 'u') undoLastAct();
      else if (event.key === '/' && field) field.focus();
      else {
        first = event.key === 'g' ? performance.now() : 0;
        return;
      }
      first = 0;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onHelp]);
}

/** Handles Ctrl-K, or Cmd-K on a Mac, also while the user types: it opens the command palette. */
export function usePaletteKey(onOpen: () => void): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      if (!document.querySelector('dialog[open]')) onOpen();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [onOpen]);
}
