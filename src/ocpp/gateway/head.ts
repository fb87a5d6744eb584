/** The beginning of an OCPP message, as far as passing it on needs it. `id` is the message id, unescaped; of an id that is no text, its characters. */
export interface Head {
  type: 'call' | 'result' | 'error' | 'result-error' | 'send';
  id: string;
  /** Only of calls and sends. */
  action?: string;
}

const TYPES = { 2: 'call', 3: 'result', 4: 'error', 5: 'result-error', 6: 'send' } as const;
/** Type, id and action. Bounded, so that a hostile text costs no more than its first characters. */
const HEAD = /^\s{0,64}\[\s{0,64}([2-6])\s{0,64},\s{0,64}("(?:[^"\\]|\\.){0,256}"|-?[0-9.eE+-]{1,64})\s{0,64}(?:,\s{0,64}("(?:[^"\\]|\\.){0,256}"))?/;

/** Reads the beginning of a message; undefined when it is none that OCPP-J has. The rest of the text is not looked at. */
export function readHead(text: string): Head | undefined {
  const [, type, id, action] = HEAD.exec(text) ?? [];
  if (type === undefined || id === undefined) return undefined;
  const named = TYPES[Number(type) as keyof typeof TYPES];
  const head: Head = { type: named, id: unescaped(id) };
  return action !== undefined && (named === 'call' || named === 'send') ? { ...head, action: unescaped(action) } : head;
}

function unescaped(token: string): string {
  if (!token.startsWith('"')) return token;
  if (!token.includes('\\')) return token.slice(1, -1);
  try {
    return String(JSON.parse(token));
  } catch {
    return token.slice(1, -1);
  }
}
