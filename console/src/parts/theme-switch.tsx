import { setTheme, THEMES, useTheme } from '../data/theme.ts';

/** Switches the colours: as the browser prefers, light or dark. */
export function ThemeSwitch() {
  const { theme } = useTheme();
  return (
    <fieldset class="segments" aria-label="Colours">
      {THEMES.map((it) => (
        <button key={it} type="button" class="button slim" aria-pressed={theme === it} onClick={() => setTheme(it)}>
          {it === 'system' ? 'Auto' : it === 'light' ? 'Light' : 'Dark'}
        </button>
      ))}
    </fieldset>
  );
}
