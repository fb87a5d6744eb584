import { useState } from 'preact/hooks';
import { chooseLanguage, LANGUAGES, type Language, text, useLanguage } from '../text/text.ts';

/** Chooses the language of the page. Each language is listed by its own name. */
export function LanguageSwitch() {
  const language = useLanguage();
  const [failed, setFailed] = useState(false);
  const choose = (next: string) => {
    const known = NAMES.find(([it]) => it === next);
    if (known)
      void chooseLanguage(known[0]).then(
        () => setFailed(false),
        () => setFailed(true),
      );
  };
  return (
    <>
      <select class="input slim" aria-label={text().shell.language} value={language} onChange={(event) => choose(event.currentTarget.value)}>
        {NAMES.map(([it, name]) => (
          <option key={it} value={it} lang={it}>
            {name}
          </option>
        ))}
      </select>
      {failed && (
        <p class="said bad" role="alert">
          {text().shell.languageFailed}
        </p>
      )}
    </>
  );
}

const NAMES: readonly [Language, string][] = [
  ['en', LANGUAGES.en],
  ['nl', LANGUAGES.nl],
  ['de', LANGUAGES.de],
];
