import { type Binding, bind } from '../../ocpi/binding.ts';
import { page } from '../../ocpi/envelope.ts';
import { getSession } from '../../ocpi/sessions/get-session.ts';
import { getSessions } from '../../ocpi/sessions/get-sessions.ts';
import { patchSession } from '../../ocpi/sessions/patch-session.ts';
import { putSession } from '../../ocpi/sessions/put-session.ts';
import { sessionNameMismatch } from '../../ocpi/sessions/session.ts';
import { writeSession } from '../../ocpi/sessions/write-session.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { countReadableSessions, readableSessions } from '../../store/sql/session-rights.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { requestingPartiesOf } from '../peers/requesting-party.ts';
import type { RemoteSessions } from '../remote/remote-sessions.ts';
import type { SessionReaders } from '../rights/session-readers.ts';
import { dateWindow } from './date-window.ts';
import { found, invalidIf, partiesOfMessage, replyTo } from './reply.ts';

type Bound = readonly Binding<KnownPeer>[];

/** The Sender interface: a CPO lists its own sessions, an eMSP those of its customers for the SCSPs that steer them. */
export const sessionSenderBindings = (context: Context, readers: SessionReaders): Bound => [
  bind(getSessions, async ({ peer, query, headers, edition }) => {
    const window = dateWindow(query);
    const readable = { parties: requestingPartiesOf(peer, headers.from), relayedFor: readers.relayedFor, now: context.clock.now() };
    const [sessions, total] = await Promise.all([
      context.store.all(readableSessions<OwnSession, Progress>(readable, window)),
      context.store.first(countReadableSessions(readable, window)),
    ]);
    const items = (await readers.pageFor(sessions)).map((it) => writeSession(edition, it));
    return page(items, { query, total: total ?? 0 });
  }),
];

/** The Receiver interface of an eMSP or an SCSP: takes the sessions of CPOs, and those that an eMSP relays (OCPI 2.2.1 §9.2.2). */
export const sessionReceiverBindings = (sessions: RemoteSessions): Bound => [
  bind(getSession, async ({ peer, params, headers }) => found(await sessions.find(partiesOfMessage(peer, headers), params))),
  bind(
    putSession,
    async ({ peer, params, body, headers }) =>
      invalidIf(sessionNameMismatch(params, body)) ?? replyTo(await sessions.put(partiesOfMessage(peer, headers), params, body)),
  ),
  bind(
    patchSession,
    async ({ peer, params, body, headers }) =>
      invalidIf(sessionNameMismatch(params, body)) ?? replyTo(await sessions.patch(partiesOfMessage(peer, headers), params, body)),
  ),
];
