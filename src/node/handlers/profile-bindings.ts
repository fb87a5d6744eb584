import type { Seconds } from '../../domain/units.ts';
import { seconds } from '../../domain/units.ts';
import { type Binding, bind, type Request } from '../../ocpi/binding.ts';
import { ChargingProfile } from '../../ocpi/chargingprofiles/charging-profile.ts';
import { clearChargingProfile, clearChargingProfileResult } from '../../ocpi/chargingprofiles/clear-charging-profile.ts';
import { getActiveChargingProfile, getActiveChargingProfileResult } from '../../ocpi/chargingprofiles/get-active-charging-profile.ts';
import { pushActiveChargingProfile } from '../../ocpi/chargingprofiles/push-active-charging-profile.ts';
import { setChargingProfile, setChargingProfileResult } from '../../ocpi/chargingprofiles/set-charging-profile.ts';
import { readActiveChargingProfile, readChargingProfile } from '../../ocpi/chargingprofiles/translate.ts';
import type { Endpoint } from '../../ocpi/endpoint.ts';
import { acknowledged, invalid, notFound, type Reply, success } from '../../ocpi/envelope.ts';
import { knownFields } from '../../ocpi/known-fields.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import type { ProfileRequests } from '../cpo/answer-profile-request.ts';
import type { ProfileRequest, ProfileResponse } from '../exchanges/profile-request.ts';
import { requestingPartiesOf, withForeignSessionNoted } from '../peers/requesting-party.ts';
import type { Relay } from '../relay/relay.ts';
import type { RelayResults } from '../relay/relay-results.ts';
import type { WireAsk } from '../remote/peer-request.ts';
import type { RequestSender } from '../remote/send-request.ts';
import { partiesOfMessage } from './reply.ts';
import { createTakeResult, type PostedResult } from './take-result.ts';

type Bound = readonly Binding<KnownPeer>[];

/** Requests about profiles: answered by the relay for a session with one of its ids, else by the CPO. */
export const profileReceiverBindings = (context: Context, { requests, relay }: { requests: ProfileRequests | undefined; relay: Relay | undefined }): Bound => {
  /** `wire`: the request as a relay forwards it. */
  const answer = async (request: Request<Endpoint, KnownPeer>, profileRequest: ProfileRequest, wire: () => WireAsk): Promise<Reply<ProfileResponse>> => {
    const relayed = await relay?.find(request.peer, request.headers.from, profileRequest.sessionId);
    if (relay && relayed) return relay.answer(request, relayed, { ...profileRequest, wire: wire() });
    if (requests) return requests.answer(request, profileRequest);
    const [party, ...more] = requestingPartiesOf(request.peer, request.headers.from);
    const reply = success<ProfileResponse>({ result: 'UNKNOWN_SESSION', timeout: context.config.timeout });
    const { peer } = request;
    return withForeignSessionNoted(context, { reply, peer, party: more.length === 0 ? party : undefined, sessionId: profileRequest.sessionId });
  };
  return [
    bind(setChargingProfile, async (request) => {
      const { charging_profile, response_url } = request.body;
      const profile = readChargingProfile(charging_profile);
      if (!profile.ok) return invalid(`charging_profile.${profile.problem}`);
      const profileRequest = { sessionId: request.params.session_id, ask: { kind: 'set', profile: profile.value }, responseUrl: response_url } as const;
      return answer(request, profileRequest, () => ({ kind: 'set', charging_profile: knownFields(ChargingProfile, charging_profile) }));
    }),
    bind(getActiveChargingProfile, async (request) => {
      const ask = { kind: 'get', duration: seconds(request.query.duration) } as const;
      return answer(request, { sessionId: request.params.session_id, ask, responseUrl: request.query.response_url }, () => ask);
    }),
    bind(clearChargingProfile, async (request) => {
      const ask = { kind: 'clear' } as const;
      return answer(request, { sessionId: request.params.session_id, ask, responseUrl: request.query.response_url }, () => ask);
    }),
  ];
};

/** What an eMSP or an SCSP receives: results of its requests, and active profiles that a CPO pushes (OCPI 2.2.1 §14.4.2). */
export const profileSenderBindings = (context: Context, { sender, results }: { sender: RequestSender; results: RelayResults | undefined }): Bound => {
  const takeResult = createTakeResult(context, { sender, results });
  const receive = async (peer: KnownPeer, posted: PostedResult) => acknowledge(await takeResult(peer, posted));
  return [
    bind(setChargingProfileResult, async ({ peer, params, body }) => receive(peer, { kind: 'set', id: params.result_id, result: body.result, body })),
    bind(clearChargingProfileResult, async ({ peer, params, body }) => receive(peer, { kind: 'clear', id: params.result_id, result: body.result, body })),
    bind(getActiveChargingProfileResult, async ({ peer, params, body }) => {
      const profile = body.profile && readActiveChargingProfile(body.profile, USUAL_DURATION);
      if (profile && !profile.ok) return invalid(`profile.${profile.problem}`);
      return receive(peer, {
        kind: 'get',
        id: params.result_id,
        result: body.result,
        body,
        ...(profile && { profile: profile.value, received: body.profile }),
      });
    }),
    bind(pushActiveChargingProfile, async ({ peer, params, body, headers }) => {
      const profile = readActiveChargingProfile(body, USUAL_DURATION);
      return profile.ok
        ? acknowledge(
            await sender.receiveActiveProfile({ ...partiesOfMessage(peer, headers), id: params.session_id }, { profile: profile.value, received: body }),
          )
        : invalid(profile.problem);
    }),
  ];
};

/** Duration of an active profile that names none, in seconds; OCPI leaves it open. */
const USUAL_DURATION: Seconds = seconds(3_600);
const acknowledge = (known: boolean): Reply<never> => (known ? acknowledged() : notFound());
