import { useEffect, useState } from 'preact/hooks';
import { en, type Texts } from './en.ts';

/** The languages of the console, each by its own name. */
export const LANGUAGES = { en: 'English', nl: 'Nederlands', de: 'Deutsch' } as const;
/** A language of the console. */
export type Language = keyof typeof LANGUAGES;

const isLanguage = (value: string | null | undefined): value is Language => value !== null && value !== undefined && Object.hasOwn(LANGUAGES, value);

/** English is part of the first load; the other languages are files of their own. */
const loaders: Readonly<Record<Language, () => Promise<Texts>>> = {
  en: async () => en,
  nl: async () => (await import('./nl.ts')).nl,
  de: async () => (await import('./de.ts')).de,
};

const KEY = 'evenkeel-language';
const listeners = new Set<() => void>();
let language: Language = 'en';
let texts: Texts = en;

/** All texts of the console in the language that is shown: `text().session.title(name)`. */
export const text = (): Texts => texts;

/** The language that is shown now. */
export const currentLanguage = (): Language => language;

/** The locale for dates and numbers: the browser's own variant of the shown language, such as en-GB, else the language. */
export const locale = (): string => navigator.languages.find((it) => languageOf(it) === language) ?? language;

const languageOf = (tag: string): string => tag.slice(0, 2).toLowerCase();

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // this browser stores nothing
  }
}

/** The language of a reader: the stored choice, else the first language of the browser that the console has, else English. */
export function languageFor(choice: string | null, preferred: readonly string[]): Language {
  return isLanguage(choice) ? choice : (preferred.map(languageOf).find(isLanguage) ?? 'en');
}

async function show(next: Language): Promise<void> {
  texts = await loaders[next]();
  language = next;
  document.documentElement.lang = next;
  for (const notify of listeners) notify();
}

/** Loads the language of the reader before the page is drawn. Without its file the page is in English. */
export const startLanguage = (): Promise<void> => show(languageFor(stored(), navigator.languages)).catch(() => show('en'));

/** Switches the language and keeps it in this browser. Rejects when the texts cannot be loaded; the language then stays. */
export async function chooseLanguage(next: Language): Promise<void> {
  await show(next);
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // this browser stores nothing: the language holds until the page is closed
  }
}

/** The language that is shown; renders again when it changes. The root of the page uses it, so all of the page follows. */
export function useLanguage(): Language {
  const [shown, set] = useState(language);
  useEffect(() => {
    const update = () => set(language);
    listeners.add(update);
    return () => void listeners.delete(update);
  }, []);
  return shown;
}
