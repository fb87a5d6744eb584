import { fold } from '../domain/ids.ts';

/** What a body says of its own name beside what its URL says: field, in the URL, in the body; absent in the body is agreement. */
export type NamePair = readonly [field: string, inUrl: string, inBody: string | undefined];

/** The first name in a body that is not the one in the URL; case does not count (TRN-36, SES-33). */
export function nameMismatch(pairs: readonly NamePair[]): string | undefined {
  const wrong = pairs.find(([, inUrl, inBody]) => inBody !== undefined && fold(inBody) !== fold(inUrl));
  return wrong && `${wrong[0]}: found ${JSON.stringify(wrong[2])}, allowed: ${JSON.stringify(wrong[1])} as in the URL`;
}
