import type { Clock } from '../../domain/clock.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { fingerprint, newSecret } from '../../store/encryption.ts';
import { beginLogin, endLogin, forgetLogins, type Login, loginByHash, useLogin } from '../../store/sql/console-login.ts';
import type { ConsoleUser } from '../../store/sql/console-user.ts';
import type { Store } from '../../store/store.ts';

/** A login ends after this time without use (SEC-36, ASVS 7.3.1). */
const IDLE_MS = 15 * 60_000;
/** A login ends after this time in any case (ASVS 7.3.2). */
const LONGEST_MS = 12 * 3_600_000;
/** Shortest time between two writes of the last use. */
const USE_WRITE_MS = 30_000;

/** A signed-in user, and when the login ends: without use, and in any case. */
export interface SignedIn extends Login {
  idleUntil: EpochMillis;
  endsAt: EpochMillis;
}

/** The logins of console users. Only hashes are stored: a leaked database holds no usable cookie. */
export interface Logins {
  /** Begins a login of a user; returns the secret for the cookie. Undefined: the user was removed or got another password since it was checked. */
  begin(user: ConsoleUser): Promise<string | undefined>;
  /** The login of a cookie; undefined when it has ended. `extend`: this counts as use. */
  find(secret: string, how: 'extend' | 'check'): Promise<SignedIn | undefined>;
  end(secret: string): Promise<void>;
}

export function createLogins({ store, clock }: { store: Store; clock: Clock }): Logins {
  const bounds = () => ({ usedBefore: epochMillis(clock.now() - IDLE_MS), begunBefore: epochMillis(clock.now() - LONGEST_MS) });
  return {
    begin: async (user) => {
      const secret = newSecret();
      const [, begun] = await store.commit([forgetLogins(bounds()), beginLogin(fingerprint(secret), user, clock.now())]);
      return begun?.changed === 1 ? secret : undefined;
    },
    find: async (secret, how) => {
      const hash = fingerprint(secret);
      const login = await store.first(loginByHash(hash, bounds()));
      if (!login) return undefined;
      const now = clock.now();
      if (how === 'extend' && now - login.usedAt >= USE_WRITE_MS) await store.commit([useLogin(hash, now)]);
      const usedAt = how === 'extend' ? now : login.usedAt;
      return { ...login, idleUntil: epochMillis(usedAt + IDLE_MS), endsAt: epochMillis(login.beganAt + LONGEST_MS) };
    },
    end: async (secret) => {
      await store.commit([endLogin(fingerprint(secret))]);
    },
  };
}
