import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../domain/clock.ts';
import type { Encryption } from '../../store/encryption.ts';
import { knownBrowserCookie } from './cookie.ts';

/** A browser stays known for this time after a login. */
const VALID_S = 180 * 86_400;

/** A random id, the second at which the cookie ends in base 36, and the keyed hash of both with the user's name. */
const VALUE = /^([\w-]{22})([0-9a-z]{7})([0-9A-F]{36})$/;

/**
 * The browsers in which a user has signed in before, each known by a cookie. The cookie gives no access, only a budget of
 * attempts of its own. It is a keyed hash, so nothing is stored, and whether it is valid does not depend on whether the user exists.
 */
export interface KnownBrowsers {
  /** The Set-Cookie header after a successful login with this folded name. It survives the sign-out. */
  remember(name: string): string;
  /** The id of the browser that sent this Cookie header, when it is known for the folded name. */
  find(name: string, header: string | undefined): string | undefined;
}

export function createKnownBrowsers({ encryption, clock }: { encryption: Encryption; clock: Clock }, publicUrl: () => string): KnownBrowsers {
  // Each user has a cookie of their own, so that several can share a browser. Its name does not show the user's name.
  const cookieOf = (name: string) => knownBrowserCookie(publicUrl(), { tag: encryption.pseudonym('known browser of', name).slice(0, 8), seconds: VALID_S });
  const hashOf = (id: string, until: string, name: string) => encryption.pseudonym('known browser', `${id} ${until} ${name}`);
  const now = () => Math.floor(clock.now() / 1000);
  return {
    remember: (name) => {
      const id = randomBytes(16).toString('base64url');
      const until = (now() + VALID_S).toString(36).padStart(7, '0');
      return cookieOf(name).set(id + until + hashOf(id, until, name));
    },
    find: (name, header) => {
      const [, id = '', until = '', hash = ''] = VALUE.exec(cookieOf(name).read(header) ?? '') ?? [];
      const isOurs = timingSafeEqual(Buffer.from(hash.padEnd(36)), Buffer.from(hashOf(id, until, name)));
      return isOurs && Number.parseInt(until, 36) > now() ? id : undefined;
    },
  };
}
