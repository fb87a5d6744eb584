import { partyKey } from '../../domain/ids.ts';
import type { Seconds } from '../../domain/units.ts';
import { epochMicros, seconds } from '../../domain/units.ts';
import { type Binding, bind, type Request } from '../../ocpi/binding.ts';
import { ChargingProfile } from '../../ocpi/chargingprofiles/charging-profile.ts';
import { clearChargingProfile, clearChargingProfileResult } from '../../ocpi/chargingprofiles/clear-charging-profile.ts';
import { getActiveChargingProfile, getActiveChargingProfileResult } from '../../ocpi/chargingprofiles/get-active-charging-profile.ts';
import { pushActiveChargingProfile } from '../../ocpi/chargingprofiles/push-active-charging-profile.ts';
import { setChargingProfile, setChargingProfileResult } from '../../ocpi/chargingprofiles/set-charging-profile.ts';
import { readActiveChargingProfile, readChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import { deleteCredentials } from '../../ocpi/credentials/delete-credentials.ts';
import { getCredentials } from '../../ocpi/credentials/get-credentials.ts';
import { postCredentials } from '../../ocpi/credentials/post-credentials.ts';
import { putCredentials } from '../../ocpi/credentials/put-credentials.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import type { Endpoint } from '../../ocpi/endpoint.ts';
import { acknowledged, created, invalid, notAllowed, notFound, page, type Reply, refused, success } from '../../ocpi/envelope.ts';
import type { PartyName, Routing } from '../../ocpi/headers.ts';
import { knownFields } from '../../ocpi/known-fields.ts';
import { offsetAndLimit } from '../../ocpi/paging.ts';
import { getSession } from '../../ocpi/sessions/get-session.ts';
import { getSessions } from '../../ocpi/sessions/get-sessions.ts';
import { patchSession } from '../../ocpi/sessions/patch-session.ts';
import { putSession } from '../../ocpi/sessions/put-session.ts';
import { sessionNameMismatch } from '../../ocpi/sessions/session.ts';
import { writeSession } from '../../ocpi/sessions/write-session.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { fingerprint } from '../../store/encryption.ts';
import { countReadableSessions, readableSessions } from '../../store/sql/session-rights.ts';
import type { Remote } from '../compose/compose-remote.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import type { ProfileRequests } from '../cpo/answer-profile-request.ts';
import type { ProfileResponse } from '../exchanges/profile-request.ts';
import { noteForeignSession } from '../peers/note-foreign-session.ts';
import type { ReceiveOutcome } from '../peers/received-object.ts';
import type { Registration } from '../peers/registration.ts';
import { requestingPartiesOf } from '../peers/requesting-party.ts';
import type { Relay, RelayedQuestion } from '../relay/relay.ts';
import type { SessionReaders } from '../rights/session-readers.ts';
import { type PostedResult, takeResult } from './take-result.ts';

type Bound = readonly Binding<KnownPeer>[];

/** Credentials, which every node offers (CRE-09). */
export const credentialsBindings = (registration: Registration): Bound => [
  bind(getCredentials, async ({ caller }) =>
    caller.scope === 'ALL' ? success(registration.ourCredentials(caller.token.text)) : notAllowed('GET is for registered platforms; POST registers'),
  ),
  bind(postCredentials, async ({ caller, peer, body, edition }) => {
    if (caller.scope === 'ALL') return notAllowed('this platform is registered already; PUT changes its credentials');
    const taken = await registration.receiveCredentials({ peer, credentials: body, edition, invite: fingerprint(caller.token.text) });
    return taken.ok ? success(taken.value) : refused(taken.problem.code, taken.problem.says);
  }),
  bind(putCredentials, async ({ caller, peer, body, edition }) => {
    if (caller.scope !== 'ALL') return notAllowed('this platform is not registered; POST registers');
    const taken = await registration.receiveCredentials({ peer, credentials: body, edition });
    return taken.ok ? success(taken.value) : refused(taken.problem.code, taken.problem.says);
  }),
  bind(deleteCredentials, async ({ caller, peer }) => {
    if (caller.scope !== 'ALL') return notAllowed('this platform is not registered; POST registers');
    await registration.end(peer);
    return acknowledged();
  }),
];

/** What those offer who have sessions to tell of: a CPO its own, an eMSP those of its customers to the SCSPs that steer them. */
export const sessionSenderBindings = (context: Context, readers: SessionReaders): Bound => [
  bind(getSessions, async ({ peer, query, headers, edition }) => {
    const window = {
      from: (query.date_from && readDateTime(query.date_from)) || epochMicros(0),
      to: (query.date_to && readDateTime(query.date_to)) || epochMicros(Number.MAX_SAFE_INTEGER),
      ...offsetAndLimit(query),
    };
    const who = { parties: requestingPartiesOf(peer, headers.from), relayedFor: readers.relayedFor, now: context.clock.now() };
    const [sessions, total] = await Promise.all([
      context.store.all(readableSessions<OwnSession, Progress>(who, window)),
      context.store.first(countReadableSessions(who, window)),
    ]);
    const seen = await Promise.all(sessions.map((it) => readers.sessionFor(it.reader, it)));
    const items = seen.filter((it) => it !== undefined).map((it) => writeSession(edition, it));
    return page(items, { query, total: total ?? 0 });
  }),
];

/** Who answers about a session: the relay for one that it made known under a name of its own, else the CPO's desk. */
export const profileReceiverBindings = (context: Context, { desk, relay }: { desk: ProfileRequests | undefined; relay: Relay | undefined }): Bound => {
  const answer = async (request: Request<Endpoint, KnownPeer>, question: RelayedQuestion): Promise<Reply<ProfileResponse>> => {
    const relayed = await relay?.find(request.peer, request.headers.from, question.sessionId);
    if (relay && relayed) return relay.answer(request, relayed, question);
    if (desk) return desk.answer(request, question);
    const [party, ...more] = requestingPartiesOf(request.peer, request.headers.from);
    noteForeignSession(context, { peer: request.peer, party: more.length === 0 ? party : undefined }, question.sessionId);
    return success({ result: 'UNKNOWN_SESSION', timeout: context.config.timeout });
  };
  return [
    bind(setChargingProfile, async (request) => {
      const { charging_profile, response_url } = request.body;
      const profile = readChargingProfile(charging_profile);
      if (!profile.ok) return invalid(`charging_profile.${profile.problem}`);
      const wire = { kind: 'set', charging_profile: knownFields(ChargingProfile, charging_profile) } as const;
      return answer(request, { sessionId: request.params.session_id, ask: { kind: 'set', profile: profile.value }, wire, responseUrl: response_url });
    }),
    bind(getActiveChargingProfile, async (request) => {
      const ask = { kind: 'get', duration: seconds(request.query.duration) } as const;
      return answer(request, { sessionId: request.params.session_id, ask, wire: ask, responseUrl: request.query.response_url });
    }),
    bind(clearChargingProfile, async (request) => {
      const ask = { kind: 'clear' } as const;
      return answer(request, { sessionId: request.params.session_id, ask, wire: ask, responseUrl: request.query.response_url });
    }),
  ];
};

/** What an eMSP and an SCSP offer: a place for sessions, for results, and for news of active profiles. */
export const emspBindings = (context: Context, { sessions, sender, results }: Pick<Remote, 'sessions' | 'sender' | 'results'>): Bound => {
  const take = async (peer: KnownPeer, posted: PostedResult) => told(await takeResult(context, { sender, results }, { peer, posted }));
  return [
    bind(getSession, async ({ peer, params, headers }) => {
      const session = await sessions.find(tellingOf(peer, headers), params);
      return session ? success(session) : notFound();
    }),
    bind(
      putSession,
      async ({ peer, params, body, headers }) =>
        refusal(sessionNameMismatch(params, body)) ?? replyTo(await sessions.put(tellingOf(peer, headers), params, body)),
    ),
    bind(
      patchSession,
      async ({ peer, params, body, headers }) =>
        refusal(sessionNameMismatch(params, body)) ?? replyTo(await sessions.patch(tellingOf(peer, headers), params, body)),
    ),
    bind(setChargingProfileResult, async ({ peer, params, body }) => take(peer, { kind: 'set', id: params.result_id, word: body.result, body })),
    bind(clearChargingProfileResult, async ({ peer, params, body }) => take(peer, { kind: 'clear', id: params.result_id, word: body.result, body })),
    bind(getActiveChargingProfileResult, async ({ peer, params, body }) => {
      const profile = body.profile && readActiveChargingProfile(body.profile, USUAL_SPAN);
      if (profile && !profile.ok) return invalid(`profile.${profile.problem}`);
      return take(peer, { kind: 'get', id: params.result_id, word: body.result, body, ...(profile && { profile: profile.value }) });
    }),
    bind(pushActiveChargingProfile, async ({ peer, params, body, headers }) => {
      const profile = readActiveChargingProfile(body, USUAL_SPAN);
      return profile.ok ? told(await sender.activeProfileCame(tellingOf(peer, headers), params.session_id, profile.value)) : invalid(profile.problem);
    }),
  ];
};

const tellingOf = (peer: KnownPeer, { from, to }: Routing) => ({ peer, from: keyFor(from), to: keyFor(to) });
const keyFor = (party: PartyName | undefined) => party && partyKey(party.countryCode, party.partyId);
/** How long an active profile holds that does not say (OCPI leaves it open). */
const USUAL_SPAN: Seconds = seconds(3_600);
const refusal = (problem: string | undefined) => (problem === undefined ? undefined : invalid(problem));
const told = (known: boolean): Reply<never> => (known ? acknowledged() : notFound());

function replyTo(kept: ReceiveOutcome): Reply<never> {
  switch (kept) {
    case 'created':
      return created();
    case 'changed':
      return acknowledged();
    case 'foreign':
    case 'unknown':
      return notFound();
    default:
      return kept satisfies never;
  }
}
