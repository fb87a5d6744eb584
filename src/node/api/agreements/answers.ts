import { exchangeId, fold, peerId } from '../../../domain/ids.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { epochMillis } from '../../../domain/units.ts';
import { isRealDateTime, printDateTime } from '../../../ocpi/date-time.ts';
import type { WireSession } from '../../../ocpi/sessions/session.ts';
import type { ApiKey } from '../../../store/sql/api-key.ts';
import { newestAudit } from '../../../store/sql/audit.ts';
import type { ConsoleUser } from '../../../store/sql/console-user.ts';
import { eventsOfSession } from '../../../store/sql/event.ts';
import { exchangeById, newestExchanges } from '../../../store/sql/exchange.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Context } from '../../core/context.ts';
import type { RecentSteps } from '../../core/recent-steps.ts';
import type { Keys } from '../../operators/keys.ts';
import type { Users } from '../../operators/users.ts';
import { type AgreementChanges, createAgreementChanges } from '../../rights/change-agreements.ts';
import { plannedEvseOf } from '../../scsp/planned-evse.ts';
import { messagesOf } from '../exchanges/exchange-messages.ts';
import { nextOf } from '../lists.ts';
import { showLoad } from '../load.ts';
import type { Operator } from '../operator.ts';
import { createOverview } from '../overview.ts';
import { contractsOf, showPeer } from '../peers/operations.ts';
import type { AuditView } from '../peers/schemas.ts';
import { showPlan } from '../plan.ts';
import { invalid, type Refusal, refuse } from '../refusal.ts';
import { type Bound, bind } from '../route.ts';
import { createFinder, show } from '../sessions/find-session.ts';
import { seriesOf, toldWires, type Wires, wiresOf } from '../sessions/session-series.ts';
import { type AnySession, viewPeer } from '../sessions/view-session.ts';
import { showStation } from '../stations/operations.ts';
import * as routes from './routes.ts';

/** What the answers need. */
export interface Tools {
  context: Context;
  roles: Roles;
  operator: Operator;
  keys: Keys;
  users: Users;
  steps: RecentSteps;
}

const USUAL = 100;
/** Events and exchanges that a series is drawn from. */
const MOST_RECORDED = 500;
const NEWEST = Number.MAX_SAFE_INTEGER;

/** Every route of the page for the operator with what it answers. */
export function consoleAnswers(tools: Tools): readonly Bound[] {
  const desk = createAgreementChanges(tools.context);
  return [...reads(tools, desk), ...peerActs(tools), ...agreementActs(tools, desk), ...keyActs(tools)];
}

function reads(tools: Tools, desk: AgreementChanges): readonly Bound[] {
  const { context, roles, operator, steps, users, keys } = tools;
  const { store } = context;
  const finder = createFinder(context, roles);
  const overview = createOverview(context, finder);
  return [
    bind(routes.getOverview, async () => ok(await overview())),
    bind(routes.getLoad, async ({ query: { minutes = 60 } }) => ok(showLoad(context, roles, minutes))),
    bind(routes.getMessages, async ({ params }) => {
      const [view, stored] = [await operator.exchange(params.exchange), await store.first(exchangeById(exchangeId(params.exchange)))];
      if (!view.ok) return view;
      return ok({ exchange: view.value, messages: stored ? messagesOf(stored, steps.of(stored.id)) : [] });
    }),
    bind(routes.getSeries, async ({ params }) => {
      const found = await finder.find(params.session);
      if (!found.ok) return found;
      const { key: session } = found.value;
      const [events, exchanges, wires] = await Promise.all([
        store.all(eventsOfSession(session, MOST_RECORDED)),
        store.all(newestExchanges({ floor: 0, before: NEWEST, limit: MOST_RECORDED, session })),
        wiresAt(roles, found.value),
      ]);
      const site = roles.cpo?.limits.wattsAt(found.value.evseUid ?? '');
      return ok(seriesOf({ session: found.value, events, exchanges, wires, site, now: context.clock.now() }));
    }),
    bind(routes.getPeer, ({ params }) => showPeer(context, desk, params.peer)),
    bind(routes.getStation, ({ params }) => showStation(context, params.station)),
    bind(routes.listContracts, async () => ok({ items: await contractsOf(desk) })),
    bind(routes.listConsents, async () => ok({ items: [...(await desk.consents())] })),
    bind(routes.listHalted, async () => ok({ items: [...(await desk.halted())] })),
    bind(routes.getPlan, () => showPlan(context, roles)),
    bind(routes.listAudit, async ({ query: { limit = USUAL, before = NEWEST } }) => {
      const stored = await store.all(newestAudit(before, limit));
      const names = new Map([...(await users.all()), ...(await keys.all())].map(({ id, name }) => [id, name]));
      const items = stored.map(({ at, by, ...it }): AuditView => {
        const name = by.id === undefined ? undefined : names.get(by.id);
        return { ...it, at: printDateTime(at), by: { ...by, ...(name !== undefined && { name }) } };
      });
      return ok({ items, ...nextOf(stored, limit, 0) });
    }),
  ];
}

async function wiresAt({ cpo, remote }: Roles, { peer, body, evseUid }: AnySession): Promise<Wires> {
  if (peer === undefined) {
    const place = cpo?.evses.byUid(evseUid ?? body.evse_uid);
    return place ? wiresOf(place.evse) : {};
  }
  const wire: Pick<WireSession, 'country_code' | 'party_id' | 'location_id' | 'evse_uid' | 'connector_id'> = body;
  return remote ? toldWires(await plannedEvseOf(remote.locations, wire)) : {};
}

function peerActs({ context, roles: { registration } }: Tools): readonly Bound[] {
  const refused = <T>(found: Result<T>): Result<T, Refusal> => (found.ok ? found : refuse(409, 'NOT_POSSIBLE', found.problem));
  const missing = async (id: string) => ((await context.peers.find(peerId(fold(id)))) ? undefined : refuse(404, 'NOT_FOUND', `no peer ${show(id)}`));
  return [
    bind(
      routes.addPeer,
      async ({ body }) => {
        if ('token' in body) {
          const registered = refused(await registration.register(body.versions_url, body.token));
          return registered.ok ? ok({ registered: viewPeer(registered.value) }) : registered;
        }
        const token = refused(await registration.invite(body));
        const party = fold(`${body.country_code}*${body.party_id}`);
        return token.ok ? ok({ invited: { party, token: token.value, versions_url: registration.ourCredentials('').url } }) : token;
      },
      ({ body }) =>
        'token' in body
          ? { says: `registers at ${new URL(body.versions_url).origin}` }
          : { subject: fold(`${body.country_code}*${body.party_id}`), says: `invites as ${body.role}` },
    ),
    bind(routes.rotatePeer, async ({ params }) => {
      const rotated = (await missing(params.peer)) ?? refused(await registration.rotate(peerId(fold(params.peer))));
      return rotated.ok ? ok(viewPeer(rotated.value)) : rotated;
    }),
    bind(routes.unregisterPeer, async ({ params }) => {
      const ended = (await missing(params.peer)) ?? refused(await registration.unregister(peerId(fold(params.peer))));
      return ended.ok ? ok({ told: ended.value === 'told' }) : ended;
    }),
  ];
}

function agreementActs({ context, roles }: Tools, desk: AgreementChanges): readonly Bound[] {
  /** A node looks at rights every few seconds by itself; after an act of its own it looks at once, and nobody waits for what follows. */
  const lookAtRights = () => void roles.jobs.endExpiredRights().catch((error) => context.reportError('rights', error));
  const withRights = async <T>(acted: Promise<T>): Promise<T> => {
    const done = await acted;
    lookAtRights();
    return done;
  };
  const contract = async (id: string) => {
    const found = (await contractsOf(desk)).find((it) => it.id === id);
    return found ? ok(found) : refuse(404, 'NOT_FOUND', `no contract ${show(id)}`);
  };
  const halting = async (act: Promise<readonly string[]>) => {
    const halted = [...(await act)];
    await roles.services.agreements.refresh();
    lookAtRights();
    return ok({ halted });
  };
  return [
    bind(
      routes.addContract,
      async ({ body }) => {
        const unreal = unrealMoment({ from: body.from, until: body.until });
        if (unreal) return unreal;
        const added = await withRights(desk.addContract(body));
        return added.ok ? contract(added.value.id) : refuse(409, 'NOT_POSSIBLE', added.problem);
      },
      ({ body }) => ({ subject: fold(body.party), says: `may ${body.may.join(', ')}${body.tokens_of ? ` with customers of ${fold(body.tokens_of)}` : ''}` }),
    ),
    bind(routes.endContract, async ({ params }) => {
      const known = await contract(params.contract);
      const ended = known.ok ? await withRights(desk.endContract(params.contract)) : known;
      if (!ended.ok) return typeof ended.problem === 'string' ? refuse(409, 'NOT_POSSIBLE', ended.problem) : { ok: false, problem: ended.problem };
      return contract(params.contract);
    }),
    bind(
      routes.addConsent,
      async ({ body }) => unrealMoment({ given_at: body.given_at }) ?? ok(await withRights(desk.addConsent({ ...body, purpose: 'smart_charging' }))),
      ({ body }) => ({ subject: fold(body.party), says: `${body.token === '*' ? 'for all drivers' : 'of one driver'}, text ${body.text_version}` }),
    ),
    bind(
      routes.withdrawConsent,
      async ({ body }) => {
        const { party } = body;
        if ('token' in body) return ok(await withRights(desk.withdrawConsent({ party, token: body.token, purpose: 'smart_charging' })));
        const card = await withRights(desk.withdrawConsentOf(party, body.driver));
        return card ? ok(card) : refuse(404, 'NOT_FOUND', `no consent of this driver for ${party}`);
      },
      ({ body }) => ({ subject: fold(body.party), says: 'of one driver' }),
    ),
    bind(routes.haltParty, ({ params }) => withParty(params.party, (party) => halting(desk.halt(party)))),
    bind(routes.resumeParty, ({ params }) => withParty(params.party, (party) => halting(desk.resume(party)))),
  ];
}

/** A moment that is in no calendar would be as good as none. */
function unrealMoment(moments: Readonly<Record<string, string | undefined>>) {
  const [found] = Object.entries(moments).filter(([, text]) => text !== undefined && !isRealDateTime(text));
  return found && invalid(found[0], `${found[0]}: found ${show(found[1] ?? '')}, which is in no calendar`, 'a moment in UTC, such as 2030-01-01T00:00:00Z');
}

async function withParty<T>(party: string, act: (party: string) => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> {
  if (/^[A-Za-z]{2}\*[A-Za-z0-9]{3}$/.test(party)) return act(party);
  const { problem } = refuse(400, 'INVALID', `party: found ${show(party)}, allowed is a country and a party, such as NL*SCS`);
  return { ok: false, problem: { ...problem, field: 'party' } };
}

function keyActs({ keys, users }: Tools): readonly Bound[] {
  return [
    bind(routes.listKeys, async () => ok({ items: (await keys.all()).map(viewKey) })),
    bind(
      routes.addKey,
      async ({ body }) => ok(await keys.add(body)),
      ({ body }) => ({ says: `good for ${body.scope}` }),
    ),
    bind(routes.revokeKey, async ({ params }) => {
      const known = (await keys.all()).some(({ id }) => id === params.key);
      const revoked = await keys.revoke(params.key);
      if (revoked.ok) return ok(viewKey(revoked.value));
      return known ? refuse(409, 'NOT_POSSIBLE', revoked.problem) : refuse(404, 'NOT_FOUND', revoked.problem);
    }),
    bind(routes.listUsers, async () => ok({ items: (await users.all()).map(viewUser) })),
  ];
}

const viewKey = ({ id, name, scope, createdAt, revokedAt }: ApiKey) => ({
  id,
  name,
  scope,
  created_at: printDateTime(epochMillis(createdAt)),
  ...(revokedAt !== undefined && { revoked_at: printDateTime(epochMillis(revokedAt)) }),
});
const viewUser = ({ id, name, role, password, encryptedTotp, createdAt }: ConsoleUser) => ({
  id,
  name,
  role,
  via: password === undefined ? ('oidc' as const) : ('password' as const),
  totp: encryptedTotp !== undefined,
  created_at: printDateTime(createdAt),
});
