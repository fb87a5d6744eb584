import { phasesOf } from '../../domain/evse.ts';
import { epochSeconds, volts, wattHours } from '../../domain/units.ts';
import type { PastCharge } from '../../evaluate/index.ts';
import type { EvseData } from '../../planner/index.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { openBeside } from '../../store/open.ts';
import { newestSessions, type StoredSession } from '../../store/sql/session.ts';
import type { Config } from '../config/config.ts';
import { createEvseDirectory, type EvseDirectory } from '../config/evse-directory.ts';

const PAGE = 500;
/** The EVSE of a session about which nothing is known. */
const USUAL: EvseData = { unit: 'A', min: 6, max: 16, voltage: volts(230), phases: [1, 2, 3] };

/** The ended sessions with energy in the database of a node, to be charged again. Works beside a running node. It reads no data of drivers. */
export async function endedCharges(config: Config): Promise<readonly PastCharge[]> {
  const directory = createEvseDirectory(config);
  await using opened = await openBeside(config);
  const charges: PastCharge[] = [];
  for (let before = Number.MAX_SAFE_INTEGER; ; ) {
    const page = await opened.store.all(newestSessions<OwnSession, Progress>({ before, limit: PAGE, parties: 'all', status: 'COMPLETED' }));
    charges.push(...page.flatMap((session) => chargeOf(session, directory)));
    const last = page.at(-1);
    if (!last) return charges;
    before = last.seq;
  }
}

type Directory = Pick<EvseDirectory, 'byUid'>;

/** A session as a past charge; nothing when it has no end or no energy. */
export function chargeOf({ key, body }: Pick<StoredSession<OwnSession, Progress>, 'key' | 'body'>, directory: Directory): PastCharge[] {
  const [arrival, departure] = [body.start_date_time, body.end_date_time].map((text) => Math.floor(Date.parse(text ?? '') / 1_000));
  if (arrival === undefined || departure === undefined || !(departure > arrival) || !(body.kwh > 0)) return [];
  return [
    {
      key,
      evse: body.evse_uid,
      electric: electricOf(body.evse_uid, directory),
      arrival: epochSeconds(arrival),
      departure: epochSeconds(departure),
      energy: wattHours(Math.round(body.kwh * 1_000)),
      stated: {},
      profileType: 'CHEAP',
    },
  ];
}

/** A single phase counts on L1: the configuration does not say on which conductor it is. */
function electricOf(uid: string, directory: Directory): EvseData {
  const evse = directory.byUid(uid)?.evse;
  if (!evse) return USUAL;
  const { powerType, maxVoltage, maxAmperage, maxPower } = evse;
  if (powerType === 'DC') return { unit: 'W', min: 0, max: maxPower ?? maxVoltage * maxAmperage, voltage: volts(230), phases: [1, 2, 3] };
  const phases = ([1, 2, 3] as const).slice(0, phasesOf(powerType));
  return { unit: 'A', min: 6, max: maxAmperage, voltage: maxVoltage, phases };
}
