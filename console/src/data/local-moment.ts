/** A date and time of the viewer's zone, as a form has it, as a moment in UTC; undefined when it is empty. */
export function momentOf(local: string): string | undefined {
  const at = new Date(local);
  return local === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
