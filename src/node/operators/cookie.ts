/** A cookie of ours: its name says of which node, since cookies do not know ports, and browsers hold `__Host-` to this very host (RFC 6265bis §4.1.3.2). */
export interface Cookie {
  name: string;
  /** The value that a request brings. */
  read(header: string | undefined): string | undefined;
  /** Lasts until the browser closes; how long it counts is known here. */
  set(value: string): string;
  clear(): string;
}

/** For who is signed in: never told to scripts, and never sent from other sites. */
export function sessionCookie(publicUrl: string): Cookie {
  const { protocol, port } = new URL(publicUrl);
  const secure = protocol === 'https:';
  return cookie(`${secure ? '__Host-' : ''}evenkeel${port && `-${port}`}`, `; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`);
}

/** For who comes back from an issuer: that is another site, so it must be Lax, and is good for nothing else. */
export function visitCookie(publicUrl: string, path: string): Cookie {
  const { protocol, port } = new URL(publicUrl);
  const secure = protocol === 'https:';
  return cookie(`${secure ? '__Secure-' : ''}evenkeel-visit${port && `-${port}`}`, `; Path=${path}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`);
}

const cookie = (name: string, attributes: string): Cookie => ({
  name,
  read: (header) => {
    for (const pair of (header ?? '').split(';')) {
      const [found, value] = pair.trim().split('=');
      if (found === name && value !== undefined && /^[\w-]{1,100}$/.test(value)) return value;
    }
    return undefined;
  },
  set: (value) => `${name}=${value}${attributes}`,
  clear: () => `${name}=${attributes}; Max-Age=0`,
});
