import { fold } from '../domain/ids.ts';

/** A field that names an object, with its value in the URL and in the body; undefined in the body counts as equal. */
export type NamePair = readonly [field: string, inUrl: string, inBody: string | undefined];

/** Says which name in a body differs from the URL, case-insensitively (TRN-36, SES-33); undefined when all are equal. */
export function nameMismatch(pairs: readonly NamePair[]): string | undefined {
  const wrong = pairs.find(([, inUrl, inBody]) => inBody !== undefined && fold(inBody) !== fold(inUrl));
  return wrong && `${wrong[0]}: found ${JSON.stringify(wrong[2])}, allowed: ${JSON.stringify(wrong[1])} as in the URL`;
}
