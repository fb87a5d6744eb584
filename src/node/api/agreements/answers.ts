import { fold } from '../../../domain/ids.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { isRealDateTime } from '../../../ocpi/date-time.ts';
import type { Roles } from '../../compose/compose.ts';
import type { AgreementChanges } from '../../rights/change-agreements.ts';
import { invalid, oneById, quote, type Refusal, refuse } from '../refusal.ts';
import { type AnsweredRoute, answerRoute } from '../route.ts';
import {
  addConsent,
  addContract,
  endContract,
  haltParty,
  listConsents,
  listContracts,
  listHalted,
  PARTY_NAME,
  resumeParty,
  withdrawConsent,
} from './routes.ts';
import { viewContracts } from './view-contracts.ts';

interface Dependencies {
  roles: Pick<Roles, 'jobs' | 'services'>;
  agreements: AgreementChanges;
}

export function agreementAnswers({ roles, agreements }: Dependencies): readonly AnsweredRoute[] {
  /** The node checks rights every few seconds; after a change it checks at once. The request does not wait for the consequences. */
  const checkRights = () => {
    roles.jobs.trigger('rights');
    roles.jobs.trigger('preferences of drivers');
  };
  const thenCheckRights = async <T>(change: Promise<T>): Promise<T> => {
    const changed = await change;
    checkRights();
    return changed;
  };
  const changeHalted = async (party: string, change: (party: string) => Promise<readonly string[]>): Promise<Result<{ halted: string[] }, Refusal>> => {
    if (!new RegExp(PARTY_NAME).test(party)) return noPartyName(party);
    const halted = [...(await change(party))];
    await roles.services.agreements.refresh();
    roles.jobs.trigger('halted parties');
    checkRights();
    return ok({ halted });
  };
  return [
    ...contractAnswers(agreements, thenCheckRights),
    ...consentAnswers(agreements, thenCheckRights),
    answerRoute(listHalted, async () => ok({ items: [...(await agreements.halted())] })),
    answerRoute(haltParty, ({ params }) => changeHalted(params.party, agreements.halt), entryOfHalt),
    answerRoute(resumeParty, ({ params }) => changeHalted(params.party, agreements.resume), entryOfHalt),
  ];
}

const entryOfHalt = ({ params, query }: { params: { party: string }; query: { reason?: string } }) => ({
  subject: params.party,
  ...(query.reason !== undefined && { says: query.reason }),
});

type Then = <T>(change: Promise<T>) => Promise<T>;

function contractAnswers(agreements: AgreementChanges, thenCheckRights: Then): readonly AnsweredRoute[] {
  const contract = async (id: string) => {
    return oneById(await viewContracts(agreements), (it) => it.id, { noun: 'contract', typed: id });
  };
  return [
    answerRoute(listContracts, async () => ok({ items: await viewContracts(agreements) })),
    answerRoute(
      addContract,
      async ({ body }) => {
        const unreal = unrealMoment({ from: body.from, until: body.until });
        if (unreal) return unreal;
        const added = await thenCheckRights(agreements.addContract(body));
        return added.ok ? contract(added.value.id) : refuse(409, 'NOT_POSSIBLE', added.problem);
      },
      ({ body }) => ({ subject: fold(body.party), says: `may ${body.may.join(', ')}${body.tokens_of ? ` with customers of ${fold(body.tokens_of)}` : ''}` }),
    ),
    answerRoute(endContract, async ({ params }) => {
      const known = await contract(params.contract);
      if (!known.ok) return known;
      const ended = await thenCheckRights(agreements.endContract(known.value.id));
      return ended.ok ? contract(known.value.id) : refuse(409, 'NOT_POSSIBLE', ended.problem);
    }),
  ];
}

function consentAnswers(agreements: AgreementChanges, thenCheckRights: Then): readonly AnsweredRoute[] {
  return [
    answerRoute(listConsents, async () => ok({ items: [...(await agreements.consents())] })),
    answerRoute(
      addConsent,
      async ({ body }) => unrealMoment({ given_at: body.given_at }) ?? ok(await thenCheckRights(agreements.addConsent({ ...body, purpose: 'smart_charging' }))),
      ({ body }) => ({ subject: fold(body.party), says: `${body.token === '*' ? 'for all drivers' : 'of one driver'}, text ${body.text_version}` }),
    ),
    answerRoute(
      withdrawConsent,
      async ({ body }) => {
        const { party } = body;
        if ('token' in body) return ok(await thenCheckRights(agreements.withdrawConsent({ party, token: body.token, purpose: 'smart_charging' })));
        const withdrawn = await thenCheckRights(agreements.withdrawConsentOf(party, body.driver));
        return withdrawn ? ok(withdrawn) : refuse(404, 'NOT_FOUND', `no consent of this driver for ${party}`);
      },
      ({ body }) => ({ subject: fold(body.party), says: 'of one driver' }),
    ),
  ];
}

/** Refuses a date that does not exist, such as 30 February: it would be stored as no date. */
function unrealMoment(moments: Readonly<Record<string, string | undefined>>) {
  const [found] = Object.entries(moments).filter(([, text]) => text !== undefined && !isRealDateTime(text));
  return (
    found &&
    invalid(found[0], `${found[0]}: found ${quote(found[1] ?? '')}, which is not a date of the calendar`, 'a moment in UTC, such as 2030-01-01T00:00:00Z')
  );
}

const noPartyName = (party: string) => invalid('party', `party: found ${quote(party)}, allowed is a country code and a party id, such as NL*SCS`);
