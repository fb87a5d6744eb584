import type { Seconds } from '../domain/units.ts';
import { epochMicros, seconds } from '../domain/units.ts';
import { type Binding, bind } from '../ocpi/binding.ts';
import { clearChargingProfile, clearChargingProfileResult } from '../ocpi/chargingprofiles/clear-charging-profile.ts';
import { getActiveChargingProfile, getActiveChargingProfileResult } from '../ocpi/chargingprofiles/get-active-charging-profile.ts';
import { pushActiveChargingProfile } from '../ocpi/chargingprofiles/push-active-charging-profile.ts';
import { setChargingProfile, setChargingProfileResult } from '../ocpi/chargingprofiles/set-charging-profile.ts';
import { readActiveChargingProfile, readChargingProfile } from '../ocpi/chargingprofiles/translate.ts';
import { deleteCredentials } from '../ocpi/credentials/delete-credentials.ts';
import { getCredentials } from '../ocpi/credentials/get-credentials.ts';
import { postCredentials } from '../ocpi/credentials/post-credentials.ts';
import { putCredentials } from '../ocpi/credentials/put-credentials.ts';
import { readDateTime } from '../ocpi/date-time.ts';
import { acknowledged, created, invalid, notAllowed, notFound, page, type Reply, refused, success } from '../ocpi/envelope.ts';
import { placeOf } from '../ocpi/paging.ts';
import { getSession } from '../ocpi/sessions/get-session.ts';
import { getSessions } from '../ocpi/sessions/get-sessions.ts';
import { patchSession } from '../ocpi/sessions/patch-session.ts';
import { putSession } from '../ocpi/sessions/put-session.ts';
import { misnamed, type WireSession } from '../ocpi/sessions/session.ts';
import { hasOwner, type OwnSession, type Progress } from '../roles/cpo/session.ts';
import { fingerprint } from '../store/seal.ts';
import { countOwnedSessions, ownedSessions } from '../store/sql/session.ts';
import type { ProfileDesk } from './answer-profile-request.ts';
import type { ForeignSessions, Kept } from './foreign-sessions.ts';
import type { Ground } from './ground.ts';
import type { KnownPeer } from './peers.ts';
import type { Registration } from './registration.ts';
import type { Sender } from './send.ts';

type Bound = readonly Binding<KnownPeer>[];

/** Credentials, which every node offers (CRE-09). */
export const credentialsBindings = (registration: Registration): Bound => [
  bind(getCredentials, async ({ caller }) =>
    caller.scope === 'ALL' ? success(registration.ourCredentials(caller.token.text)) : notAllowed('GET is for registered platforms; POST registers'),
  ),
  bind(postCredentials, async ({ caller, peer, body, edition }) => {
    if (caller.scope === 'ALL') return notAllowed('this platform is registered already; PUT changes its credentials');
    const taken = await registration.take({ peer, credentials: body, edition, invite: fingerprint(caller.token.text) });
    return taken.ok ? success(taken.value) : refused(taken.problem.code, taken.problem.says);
  }),
  bind(putCredentials, async ({ caller, peer, body, edition }) => {
    if (caller.scope !== 'ALL') return notAllowed('this platform is not registered; POST registers');
    const taken = await registration.take({ peer, credentials: body, edition });
    return taken.ok ? success(taken.value) : refused(taken.problem.code, taken.problem.says);
  }),
  bind(deleteCredentials, async ({ caller, peer }) => {
    if (caller.scope !== 'ALL') return notAllowed('this platform is not registered; POST registers');
    await registration.leave(peer);
    return acknowledged();
  }),
];

/** What a CPO offers: its sessions, and the way to its charge points. */
export const cpoBindings = (ground: Ground, desk: ProfileDesk): Bound => [
  bind(getSessions, async ({ peer, query }) => {
    const window = {
      from: (query.date_from && readDateTime(query.date_from)) || epochMicros(0),
      to: (query.date_to && readDateTime(query.date_to)) || epochMicros(Number.MAX_SAFE_INTEGER),
      ...placeOf(query),
    };
    const [sessions, total] = await Promise.all([
      ground.store.all(ownedSessions<OwnSession, Progress>(peer.id, window)),
      ground.store.first(countOwnedSessions(peer.id, window)),
    ]);
    const items: WireSession[] = sessions.map((it) => it.body).filter(hasOwner);
    return page(items, { query, total: total ?? 0 });
  }),
  bind(setChargingProfile, async (request) => {
    const { charging_profile, response_url } = request.body;
    const profile = readChargingProfile(charging_profile);
    if (!profile.ok) return invalid(`charging_profile.${profile.problem}`);
    return desk.answer(request, { sessionId: request.params.session_id, ask: { kind: 'set', profile: profile.value }, responseUrl: response_url });
  }),
  bind(getActiveChargingProfile, async (request) =>
    desk.answer(request, {
      sessionId: request.params.session_id,
      ask: { kind: 'get', duration: seconds(request.query.duration) },
      responseUrl: request.query.response_url,
    }),
  ),
  bind(clearChargingProfile, async (request) =>
    desk.answer(request, { sessionId: request.params.session_id, ask: { kind: 'clear' }, responseUrl: request.query.response_url }),
  ),
];

/** What an eMSP offers: a place for its customers' sessions, for results, and for news of active profiles. */
export const emspBindings = (sessions: ForeignSessions, sender: Sender): Bound => [
  bind(getSession, async ({ peer, params }) => {
    const session = await sessions.find(peer, params);
    return session ? success(session) : notFound();
  }),
  bind(putSession, async ({ peer, params, body }) => refusal(misnamed(params, body)) ?? replyTo(await sessions.put(peer, params, body))),
  bind(patchSession, async ({ peer, params, body }) => refusal(misnamed(params, body)) ?? replyTo(await sessions.patch(peer, params, body))),
  bind(setChargingProfileResult, async ({ peer, params, body }) => told(await sender.resultCame(peer, 'set', { id: params.result_id, word: body.result }))),
  bind(clearChargingProfileResult, async ({ peer, params, body }) => told(await sender.resultCame(peer, 'clear', { id: params.result_id, word: body.result }))),
  bind(getActiveChargingProfileResult, async ({ peer, params, body }) => {
    const profile = body.profile && readActiveChargingProfile(body.profile, USUAL_SPAN);
    if (profile && !profile.ok) return invalid(`profile.${profile.problem}`);
    return told(await sender.resultCame(peer, 'get', { id: params.result_id, word: body.result, ...(profile && { profile: profile.value }) }));
  }),
  bind(pushActiveChargingProfile, async ({ peer, params, body }) => {
    const profile = readActiveChargingProfile(body, USUAL_SPAN);
    return profile.ok ? told(await sender.activeProfileCame(peer, params.session_id, profile.value)) : invalid(profile.problem);
  }),
];

/** How long an active profile holds that does not say (OCPI leaves it open). */
const USUAL_SPAN: Seconds = seconds(3_600);
const refusal = (problem: string | undefined) => (problem === undefined ? undefined : invalid(problem));
const told = (known: boolean): Reply<never> => (known ? acknowledged() : notFound());

function replyTo(kept: Kept): Reply<never> {
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
