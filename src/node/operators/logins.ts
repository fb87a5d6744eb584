import type { Clock } from '../../domain/clock.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { fingerprint, newSecret } from '../../store/encryption.ts';
import { beginLogin, endLogin, forgetLogins, type Login, loginByHash, useLogin } from '../../store/sql/console-login.ts';
import type { Store } from '../../store/store.ts';

/** Whoever does nothing for so long is signed out (SEC-36, ASVS 7.3.1). */
const IDLE_MS = 15 * 60_000;
/** Nobody is signed in for longer, whatever they do (ASVS 7.3.2). */
const WHOLE_MS = 12 * 3_600_000;
/** Use is written down this often at most. */
const NOTED_MS = 30_000;

/** Somebody who is signed in, and until when. */
export interface SignedIn extends Login {
  idleUntil: EpochMillis;
  endsAt: EpochMillis;
}

/** Who is signed in. The store holds hashes of the cookies only, so a reader of it can be nobody. */
export interface Logins {
  /** The secret for the cookie. */
  begin(user: string): Promise<string>;
  /** Who shows a cookie, as long as it lasts; `use` makes it last on. */
  find(secret: string, how: 'use' | 'look'): Promise<SignedIn | undefined>;
  end(secret: string): Promise<void>;
}

export function createLogins({ store, clock }: { store: Store; clock: Clock }): Logins {
  const bounds = () => ({ usedBefore: epochMillis(clock.now() - IDLE_MS), begunBefore: epochMillis(clock.now() - WHOLE_MS) });
  return {
    begin: async (user) => {
      const secret = newSecret();
      await store.commit([forgetLogins(bounds()), beginLogin(fingerprint(secret), user, clock.now())]);
      return secret;
    },
    find: async (secret, how) => {
      const hash = fingerprint(secret);
      const login = await store.first(loginByHash(hash, bounds()));
      if (!login) return undefined;
      const now = clock.now();
      if (how === 'use' && now - login.usedAt >= NOTED_MS) await store.commit([useLogin(hash, now)]);
      const usedAt = how === 'use' ? now : login.usedAt;
      return { ...login, idleUntil: epochMillis(usedAt + IDLE_MS), endsAt: epochMillis(login.beganAt + WHOLE_MS) };
    },
    end: async (secret) => {
      await store.commit([endLogin(fingerprint(secret))]);
    },
  };
}
