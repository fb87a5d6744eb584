import { useEffect, useState } from 'preact/hooks';

/** The choices for the colours of the page; system: as the browser prefers. */
export const THEMES = ['system', 'light', 'dark'] as const;
/** What the user chose for the colours. */
export type Theme = (typeof THEMES)[number];

const KEY = 'evenkeel-theme';
const listeners = new Set<() => void>();
const dark = matchMedia('(prefers-color-scheme: dark)');

function storedTheme(): Theme {
  try {
    const stored = localStorage.getItem(KEY);
    return THEMES.find((it) => it === stored) ?? 'system';
  } catch {
    return 'system'; // this browser stores nothing
  }
}
let theme = storedTheme();

function apply(): void {
  const shown = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
  document.documentElement.dataset.theme = shown;
  for (const notify of listeners) notify();
}
dark.addEventListener('change', apply);
apply();

/** Sets the theme and keeps it in this browser. */
export function setTheme(next: Theme): void {
  theme = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // this browser stores nothing: the theme holds until the page is closed
  }
  apply();
}

/** The chosen theme and the one that is shown; renders again when they change. */
export function useTheme(): { theme: Theme; shown: string } {
  const read = () => ({ theme, shown: document.documentElement.dataset.theme ?? 'light' });
  const [now, set] = useState(read);
  useEffect(() => {
    const update = () => set(read());
    listeners.add(update);
    return () => void listeners.delete(update);
  }, []);
  return now;
}
