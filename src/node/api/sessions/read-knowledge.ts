import type { Evse } from '../../../domain/evse.ts';
import type { Supply } from '../../../domain/limit/limit-source.ts';
import { supplyOf } from '../../../domain/limit/limit-source.ts';
import { evseMaximum } from '../../../domain/profile/convert.ts';
import { wattsPerAmpere } from '../../../domain/site/limit-tree.ts';
import { siteShareOf } from '../../../domain/site/site-share.ts';
import type { Abilities } from '../../../domain/station.ts';
import { toSeconds, volts } from '../../../domain/units.ts';
import type { SessionKnowledge } from '../../../domain/why/known.ts';
import { dateTimeSeconds } from '../../../ocpi/date-time.ts';
import { profileSetByUs } from '../../../store/sql/exchange-list.ts';
import type { Input } from '../../../store/sql/input.ts';
import { stationById } from '../../../store/sql/station.ts';
import type { Roles } from '../../compose/compose.ts';
import { hostedParties } from '../../config/hosted-parties.ts';
import type { Context } from '../../core/context.ts';
import { type SetProfile, type Surroundings, sessionKnowledge } from './session-knowledge.ts';
import type { AnySession } from './view-session.ts';
import { wiresOf } from './wires.ts';

/** Reads the names of users and API keys by their ids. */
export type Names = () => Promise<ReadonlyMap<string, string>>;

/** Finds what the node knows of sessions. */
export interface KnowledgeReader {
  /** A session of a list, with its profiles, oldest first. */
  read(session: AnySession, inputs: readonly Input[], names: Names): Promise<SessionKnowledge>;
  /** The same, with the last message of its charge point. */
  readWhole(session: AnySession, inputs: readonly Input[], names: Names): Promise<SessionKnowledge>;
}

interface Dependencies {
  context: Pick<Context, 'store' | 'clock' | 'config'>;
  roles: Pick<Roles, 'cpo' | 'remote' | 'scsp'>;
}

export function createKnowledgeReader({ context, roles }: Dependencies): KnowledgeReader {
  const { store, clock, config } = context;
  const planners = hostedParties(config, 'SCSP');

  async function surroundingsOf(session: AnySession, inputs: readonly Input[], names: Names): Promise<Surroundings> {
    const isActive = session.status === 'ACTIVE';
    const byUs = isActive && session.peer !== undefined ? await store.first(profileSetByUs(session.key)) : undefined;
    const profiles: readonly SetProfile[] = byUs ? [...inputs, { ...byUs, by: byUs.party }] : inputs;
    const isPlanned = roles.scsp?.snapshot.siteAt(session.body.location_id) !== undefined;
    return {
      now: clock.now(),
      profiles,
      csms: isActive ? csmsWishAt(roles, session, profiles.length > 0) : undefined,
      supply: isActive ? await supplyAt(roles, session) : undefined,
      share: shareAt(roles, session, toSeconds(clock.now())),
      station: connectionOf(roles, session),
      planned: isPlanned ? { by: planners, why: roles.scsp?.snapshot.why.get(session.key) } : undefined,
      names: profiles.some(({ author }) => author !== undefined) ? await names() : new Map(),
    };
  }

  return {
    read: async (session, inputs, names) => sessionKnowledge(session, await surroundingsOf(session, inputs, names)),
    readWhole: async (session, inputs, names) => {
      const known = await surroundingsOf(session, inputs, names);
      const stored = session.station === undefined ? undefined : await store.first(stationById<Abilities>(session.station));
      const takesProfiles = stored?.abilities?.smartCharging;
      const more = { ...(stored && { seen: toSeconds(stored.heardAt) }), ...(takesProfiles !== undefined && { takesProfiles }) };
      return sessionKnowledge(session, { ...known, station: known.station && { ...more, ...known.station } });
    },
  };
}

async function supplyAt(roles: Pick<Roles, 'cpo' | 'remote'>, session: AnySession): Promise<Supply | undefined> {
  if (session.peer === undefined) {
    const evse = roles.cpo?.evses.byUid(session.evseUid ?? session.body.evse_uid)?.evse;
    return evse && ownSupply(evse);
  }
  const { phases, voltage, amperes, watts } = await wiresOf(roles, session);
  if (phases !== undefined && voltage !== undefined) return supplyOf(phases, voltage, { amperes, watts });
  return watts === undefined ? undefined : { powerType: 'DC', maxVoltage: volts(0), watts };
}

/** What the CSMS wants at a session; undefined where the profiles of this node come first. */
function csmsWishAt({ cpo }: Pick<Roles, 'cpo'>, { station, evseUid, transactionId, body }: AnySession, hasProfiles: boolean) {
  const evse = evseUid === undefined ? undefined : cpo?.evses.byUid(evseUid)?.evse;
  const chargingStarted = dateTimeSeconds(body.start_date_time);
  if (!cpo || station === undefined || !evse || chargingStarted === undefined) return undefined;
  const at = { evse, transactionId };
  if (hasProfiles && cpo.csmsProfiles.inputsAt(station, at)?.mode === 'ours') return undefined;
  return cpo.csmsProfiles.wishAt(station, { ...at, chargingStarted });
}

/** The supply of an EVSE of this node. */
export const ownSupply = (evse: Evse): Supply => ({
  powerType: evse.powerType,
  maxVoltage: evse.maxVoltage,
  ...(evse.powerType !== 'DC' && { amperes: evseMaximum(evse, 'A') }),
  watts: evseMaximum(evse, 'W'),
});

function shareAt({ cpo }: Pick<Roles, 'cpo'>, { evseUid, status, peer }: AnySession, now: ReturnType<typeof toSeconds>): Surroundings['share'] {
  const balance = status === 'ACTIVE' && peer === undefined && evseUid !== undefined ? cpo?.limits.balanceOf(evseUid) : undefined;
  const evse = balance && evseUid !== undefined ? balance.evse(evseUid) : undefined;
  const site = balance && evse && siteShareOf(balance.state, evse.uid, now);
  return site && { site, wattsPerAmpere: wattsPerAmpere(evse) };
}

function connectionOf({ cpo }: Pick<Roles, 'cpo'>, { station: id, peer }: AnySession): Surroundings['station'] {
  const server = peer === undefined ? cpo?.stations.server : undefined;
  if (!server || id === undefined) return undefined;
  const heard = cpo?.heard.of(id);
  return { online: server.station(id) !== undefined, ...(heard && { seen: toSeconds(heard.at) }) };
}
