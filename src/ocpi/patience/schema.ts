/** Whether a value is a JSON object. */
export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a neutral value is found by. */
export interface Known {
  /** The other fields of the object, those that could be read in their right form. */
  siblings: Readonly<Record<string, unknown>>;
  /** The parameters of the URL; empty for objects inside others. */
  url: Readonly<Record<string, unknown>>;
  /** When the message was received, as a DateTime of OCPI; undefined when nobody knows. */
  receivedAt: string | undefined;
  /** What stood in the field; undefined: nothing. */
  found: unknown;
}

/**
 * The neutral value of a required field that is missing or broken, or a function that finds it; undefined from the function: there is none.
 * A schema of an object holds them by field name in `x-neutral`.
 */
export type Neutral = string | number | boolean | object | ((known: Known) => unknown);
/** Neutral values by field name. */
export type NeutralFields = Readonly<Record<string, Neutral>>;

/** The name of an object in its URL. */
export const inUrl =
  (parameter: string) =>
  ({ url }: Known): unknown =>
    url[parameter];
/** The moment at which the message was received. */
export const receipt = ({ receivedAt }: Known): unknown => receivedAt;
/** What the standard writes for a required text that nobody knows (TRN-45). */
export const NOT_AVAILABLE = '#NA';

/** Options of an object that is read exactly: conversions without loss are made, nothing is dropped, cut, filled in or guessed. */
export const EXACT = { 'x-exact': true } as const;
/** Options of an object with neutral values; `needed` are optional fields that make the object unusable when they are broken. */
export const reading = (neutral: NeutralFields, needed: readonly string[] = []) => ({ 'x-neutral': neutral, ...(needed.length > 0 && { 'x-needed': needed }) });

/** `x-unknown-as` of an enum whose unknown words are kept. */
export const KEPT = 'x-kept';

/** Options of an object inside another that has the name in the URL. */
export const NAMED_BY_URL = { 'x-named-by-url': true } as const;

/** A word of an enum or a name without regard to case and separators. */
export const looseForm = (word: string): string => word.replace(/[^A-Za-z0-9]/g, '').toUpperCase();
