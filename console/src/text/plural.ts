/** The forms of a counted noun; English, Dutch and German have two. */
interface Forms {
  one: string;
  other: string;
}

/** Writes a count with its noun in one language: `counted(2, { one: 'site', other: 'sites' })` is "2 sites". */
export function counting(language: string): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (count, { one, other }) => `${numbers.format(count)} ${rules.select(count) === 'one' ? one : other}`;
}
