import { useEffect, useState } from 'preact/hooks';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'evenkeel-theme';
const listeners = new Set<() => void>();
const dark = matchMedia('(prefers-color-scheme: dark)');

function storedTheme(): Theme {
  try {
    const word = localStorage.getItem(KEY);
    return THEMES.find((it) => it === word) ?? 'system';
  } catch {
    return 'system'; // a browser that keeps nothing
  }
}
let theme = storedTheme();

function apply(): void {
  const shown = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
  document.documentElement.dataset.theme = shown;
  for (const tell of listeners) tell();
}
dark.addEventListener('change', apply);
apply();

export function setTheme(next: Theme): void {
  theme = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // a browser that keeps nothing shows it until the page is left
  }
  apply();
}

/** What the reader chose, and what is shown, now and when it changes. */
export function useTheme(): { theme: Theme; shown: string } {
  const read = () => ({ theme, shown: document.documentElement.dataset.theme ?? 'light' });
  const [now, set] = useState(read);
  useEffect(() => {
    const tell = () => set(read());
    listeners.add(tell);
    return () => void listeners.delete(tell);
  }, []);
  return now;
}
