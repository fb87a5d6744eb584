import * as de from './de/access.ts';
import * as en from './en/access.ts';
import * as nl from './nl/access.ts';
import { currentLanguage, type Language } from './text.ts';

const TEXTS: Readonly<Record<Language, en.AccessTexts>> = { en, nl, de };

/** The texts of the page Access and of the first steps. They are loaded with these parts, so that the first load stays small. */
export const accessText = (): en.AccessTexts => TEXTS[currentLanguage()];
