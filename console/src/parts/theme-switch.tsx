import { setTheme, THEMES, useTheme } from '../data/theme.ts';
import { text } from '../text/text.ts';

/** Switches the colours: as the browser prefers, light or dark. */
export function ThemeSwitch() {
  const { theme } = useTheme();
  return (
    <fieldset class="segments" aria-label={text().shell.colours}>
      {THEMES.map((it) => (
        <button key={it} type="button" class="button slim" aria-pressed={theme === it} onClick={() => setTheme(it)}>
          {text().shell.themes[it]}
        </button>
      ))}
    </fieldset>
  );
}
