import type { PartyKey } from '../../../domain/ids.ts';
import { asSessionKey, fold } from '../../../domain/ids.ts';
import { keyOf } from '../../../domain/party.ts';
import { ok, type Result } from '../../../domain/result.ts';
import type { OwnSession, Progress } from '../../../roles/cpo/session.ts';
import { sessionByKey, sessionsByFoldedId } from '../../../store/sql/session.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Context } from '../../core/context.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { AnySession } from './view-session.ts';

/** Finds the sessions that the operator may see: those of its own charge points, and those of customers of its parties. */
export interface Finder {
  /** The parties whose customers' sessions are ours to see. */
  parties: readonly PartyKey[] | 'all';
  isOurs(session: AnySession): boolean;
  /** By `NL*EVK*ID`, or by the bare id when only one session has it. */
  find(name: string): Promise<Result<AnySession, Refusal>>;
}

export function createFinder({ store, config }: Pick<Context, 'store' | 'config'>, { cpo, remote }: Pick<Roles, 'cpo' | 'remote'>): Finder {
  // An SCSP steers sessions of customers who are another party's.
  const parties = config.parties.some((it) => it.role === 'SCSP') ? 'all' : config.parties.filter((it) => it.role === 'EMSP').map(keyOf);
  const isOurCustomers = (party: PartyKey | undefined) => parties === 'all' || (party !== undefined && parties.includes(party));
  const isOurs = ({ peer, tokenParty }: AnySession) => (peer === undefined ? cpo !== undefined : remote !== undefined && isOurCustomers(tokenParty));

  async function find(name: string): Promise<Result<AnySession, Refusal>> {
    const whole = await store.first(sessionByKey<OwnSession, Progress>(asSessionKey(fold(name))));
    const found = whole ? [whole] : await store.all(sessionsByFoldedId<OwnSession, Progress>(fold(name)));
    const [session, ...others] = found.filter(isOurs);
    if (!session) return refuse(404, 'NOT_FOUND', `no session ${show(name)} of a party that this node acts for`);
    if (others.length === 0) return ok(session);
    const keys = [session, ...others].map((it) => it.key).join(', ');
    const refusal = refuse(409, 'AMBIGUOUS', `${others.length + 1} sessions have the id ${show(name)}: name one of ${keys}`);
    return { ...refusal, problem: { ...refusal.problem, field: 'session', allowed: keys } };
  }

  return { parties, isOurs, find };
}

/** What somebody sent, cut short for a message. */
export const show = (text: string) => JSON.stringify(text.length > 64 ? `${text.slice(0, 60)}…` : text);
