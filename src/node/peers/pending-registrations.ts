import type { PeerId } from '../../domain/ids.ts';
import type { Binding } from '../../ocpi/binding.ts';
import { isFunctional } from '../../ocpi/endpoint.ts';
import { refused } from '../../ocpi/envelope.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';

/** Registrations of this node at other platforms that are under way in this process, by the id of their placeholder. */
export class PendingRegistrations {
  readonly #underWay = new Map<PeerId, Promise<unknown>>();

  /** Keeps a registration until it has ended, whether or not it succeeds. */
  async run<T>(placeholder: PeerId, registration: Promise<T>): Promise<T> {
    this.#underWay.set(placeholder, registration);
    try {
      return await registration;
    } finally {
      this.#underWay.delete(placeholder);
    }
  }

  /** Resolves when the registration has ended; at once when it is not under way here. */
  async ended(placeholder: PeerId): Promise<void> {
    await Promise.allSettled([this.#underWay.get(placeholder)]);
  }
}

/**
 * Wraps a binding so that a platform at which we register may send its first requests before we have read its credentials: they are
 * answered when we know its roles (F-77). Versions and credentials are answered at once, because the registration needs them.
 */
export function awaitRegistration(
  binding: Binding<KnownPeer>,
  { peers }: Pick<Context, 'peers'>,
  pending: Pick<PendingRegistrations, 'ended'>,
): Binding<KnownPeer> {
  if (!isFunctional(binding.endpoint.module)) return binding;
  return {
    endpoint: binding.endpoint,
    answer: async (request) => {
      if (request.peer.status !== 'REGISTERING') return binding.answer(request);
      await pending.ended(request.peer.id);
      const bearer = await peers.bearer(request.caller.token.text);
      if (bearer?.peer.status !== 'REGISTERED') return refused(2000, 'the registration is not complete yet: send this again in a minute');
      return binding.answer({ ...request, peer: bearer.peer, caller: { ...request.caller, peer: bearer.peer } });
    },
  };
}
