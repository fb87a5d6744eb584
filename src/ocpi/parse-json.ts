/** Parses JSON text, also after a byte order mark, which some partners send; undefined when the text is no JSON. */
export function parseJson(text: string): { value: unknown; afterMark: boolean } | undefined {
  const afterMark = text.charCodeAt(0) === 0xfeff;
  try {
    return { value: JSON.parse(afterMark ? text.slice(1) : text), afterMark };
  } catch {
    return undefined;
  }
}
