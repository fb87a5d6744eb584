/**
 * A cookie of this node. Its name holds the port of the node, because browsers send a cookie to every port of a host. The
 * prefix `__Host-` binds it to one host (RFC 6265bis §4.1.3.2).
 */
export interface Cookie {
  name: string;
  /** Its value in a Cookie header; undefined when it is absent or not a value of ours. */
  read(header: string | undefined): string | undefined;
  /** Set-Cookie with a value. Without a Max-Age the browser keeps it until it closes; the server decides how long the value is valid. */
  set(value: string): string;
  /** Set-Cookie that deletes the cookie. */
  clear(): string;
}

/** The cookie of a login: scripts cannot read it, and browsers do not send it from other sites. */
export function sessionCookie(publicUrl: string): Cookie {
  const { protocol, port } = new URL(publicUrl);
  const secure = protocol === 'https:';
  return cookie(`${secure ? '__Host-' : ''}evenkeel${port && `-${port}`}`, `; Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`);
}

/** The cookie of a pending sign-in by OpenID Connect. SameSite=Lax, because the issuer, another site, sends the browser back. */
export function pendingSignInCookie(publicUrl: string, path: string): Cookie {
  const { protocol, port } = new URL(publicUrl);
  const secure = protocol === 'https:';
  return cookie(`${secure ? '__Secure-' : ''}evenkeel-visit${port && `-${port}`}`, `; Path=${path}; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`);
}

/** The cookie that makes a browser known for one user, whose name `tag` stands for; the browser keeps it for `seconds`. */
export function knownBrowserCookie(publicUrl: string, { tag, seconds }: { tag: string; seconds: number }): Cookie {
  const { protocol, port } = new URL(publicUrl);
  const secure = protocol === 'https:';
  const name = `${secure ? '__Host-' : ''}evenkeel-known-${tag}${port && `-${port}`}`;
  return cookie(name, `; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure ? '; Secure' : ''}`);
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
