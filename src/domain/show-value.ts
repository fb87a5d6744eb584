/** A value from outside, for an error message: texts, numbers and booleans as JSON, a text cut to 40 characters when above 48; lists and objects by their kind. */
export function showValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'nothing';
  const text = JSON.stringify(value);
  return text.length > 48 ? `${text.slice(0, 40)}… (${value.length} characters)` : text;
}
