import { type PeerId, peerId, type SessionKey } from '../domain/ids.ts';
import { endpointOf, partiesOf } from '../domain/party.ts';
import { callEndpoint } from '../ocpi/call.ts';
import { getSession } from '../ocpi/sessions/get-session.ts';
import { patchSession } from '../ocpi/sessions/patch-session.ts';
import { putSession } from '../ocpi/sessions/put-session.ts';
import type { WireSession } from '../ocpi/sessions/session.ts';
import { hasOwner, type OwnSession, type Progress } from '../roles/cpo/session.ts';
import { changeSince } from '../roles/cpo/session-changes.ts';
import { failedPushes, pushOf, savePush } from '../store/sql/push.ts';
import { sessionByKey } from '../store/sql/session.ts';
import { coalesce } from './coalesce.ts';
import type { Ground } from './ground.ts';
import { lineTo } from './line.ts';
import type { KnownPeer } from './peers.ts';

/** Keeps the receivers of our sessions up to date: the newest state, never a queue of old messages (SES-01, SES-02, TRN-33, TRN-53). */
export interface SessionPushes {
  changed(key: SessionKey): void;
  /** Tries again those that failed, from their receiver's own copy. */
  retry(): Promise<void>;
  idle(): Promise<void>;
}

export function createSessionPushes(ground: Ground): SessionPushes {
  const { store, peers, journal, metrics } = ground;
  const lanes = coalesce<string>(async (lane) => {
    const [key = '', peer = ''] = JSON.parse(lane);
    await push(key, peerId(peer));
  }, ground.complain);

  function changed(key: SessionKey): void {
    receiversOf(key)
      .then((receivers) => {
        for (const peer of receivers) lanes.wake(JSON.stringify([key, peer.id]));
      })
      .catch((error) => ground.complain(`session ${key}`, error));
  }

  async function receiversOf(key: SessionKey): Promise<readonly KnownPeer[]> {
    const session = await store.first(sessionByKey<OwnSession, Progress>(key));
    const owner = session?.tokenParty;
    if (!owner) return [];
    return (await peers.offering('sessions', 'RECEIVER')).filter((peer) => partiesOf(peer.roles, 'EMSP').includes(owner));
  }

  async function push(key: SessionKey, id: PeerId): Promise<void> {
    const peer = await peers.find(id);
    const session = await store.first(sessionByKey<OwnSession, Progress>(key));
    if (!peer || !session || !hasOwner(session.body)) return;
    const send = sender(peer, session.body);
    if (!send) return;
    const state = await store.first(pushOf<WireSession>(key, id));
    const held = state?.failed ? await send.readBack() : ({ is: 'KNOWN', session: state?.acknowledged } as const);
    if (held.is === 'UNKNOWN') return;
    await tell(session.body, held.session, { key, peer, send });
  }

  async function tell(session: WireSession, held: WireSession | undefined, to: { key: SessionKey; peer: KnownPeer; send: Sender }): Promise<void> {
    const change = changeSince(held, session);
    if (change.by === 'nothing') return record(to, session, 'as it is');
    if (change.by === 'PUT') return record(to, (await to.send.put()) ? session : undefined, 'PUT');
    if (await to.send.patch(change.patch)) return record(to, session, 'PATCH');
    // TRN-33: what does the receiver have? If nothing, or something else, it gets the whole object, once.
    const copy = await to.send.readBack();
    if (copy.is === 'UNKNOWN') return record(to, undefined, 'PATCH');
    return record(to, (await to.send.put()) ? session : undefined, 'PUT');
  }

  async function record({ key, peer }: { key: SessionKey; peer: KnownPeer }, acknowledged: WireSession | undefined, by: string): Promise<void> {
    await store.commit([savePush({ session: key, peer: peer.id, acknowledged, failed: acknowledged === undefined })]);
    const outcome = acknowledged ? 'DELIVERED' : 'UNDELIVERED';
    metrics.pushes.inc({ what: 'session', outcome });
    journal.note({ step: 'session-pushed', session: key, peer: peer.id, by, outcome });
  }

  interface Sender {
    put(): Promise<boolean>;
    patch(patch: Parameters<typeof callEndpoint<typeof patchSession>>[2]['body']): Promise<boolean>;
    readBack(): Promise<{ is: 'KNOWN'; session: WireSession | undefined } | { is: 'UNKNOWN' }>;
  }

  function sender(peer: KnownPeer, session: WireSession): Sender | undefined {
    const line = lineTo(ground, peer);
    const base = endpointOf(peer, 'sessions', 'RECEIVER');
    if (!line || !base) return undefined;
    const { country_code, party_id, id: session_id, cdr_token } = session;
    const ids = { from: { countryCode: country_code, partyId: party_id }, to: { countryCode: cdr_token.country_code, partyId: cdr_token.party_id } };
    const where = { base, params: { country_code, party_id, session_id }, query: undefined, ids };
    return {
      put: async () => (await callEndpoint(line, putSession, { ...where, body: session })).is === 'SUCCESS',
      patch: async (patch) => (await callEndpoint(line, patchSession, { ...where, body: patch })).is === 'SUCCESS',
      readBack: async () => {
        const read = await callEndpoint(line, getSession, { ...where, body: undefined });
        if (read.is === 'SUCCESS') return { is: 'KNOWN', session: read.data };
        return read.httpStatus === 404 || read.because === 'ocpi_2xxx' ? { is: 'KNOWN', session: undefined } : { is: 'UNKNOWN' };
      },
    };
  }

  return {
    changed,
    retry: async () => {
      for (const { session, peer } of await store.all(failedPushes<WireSession>())) lanes.wake(JSON.stringify([session, peer]));
    },
    idle: lanes.idle,
  };
}
