import type { NotifyEVChargingNeedsResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import type { NotifyEVChargingNeedsRequest } from 'typed-ocpp/dist/ocpp21/types.js';
import { parseMoment } from '../../domain/moment.ts';
import { omitUndefined } from '../../domain/omit-undefined.ts';
import type { ChargingNeeds } from '../../domain/station.ts';
import { amperes, watts } from '../../domain/units.ts';
import { notice } from '../dialect.ts';

/**
 * What a car needs and can take (ISO 15118): a profile for its transaction follows, which keeps to both (OCPP 2.0.1 K15, OCPP 2.1 K15).
 * Where no transaction runs there is nothing to make one for.
 */
export const notifyEvChargingNeeds = notice<NotifyEVChargingNeedsRequest, NotifyEVChargingNeedsResponse>('NotifyEVChargingNeeds', async (told, ears) => {
  const status = await ears.chargingNeeds(needsOf(told));
  return status === 'Accepted' ? { status } : { status, statusInfo: { reasonCode: 'TxNotFound' } };
});

/** Both versions name what is of use here alike; a car that could give back says its limits elsewhere (OCPP 2.1). */
function needsOf({ evseId, maxScheduleTuples, chargingNeeds }: NotifyEVChargingNeedsRequest): ChargingNeeds {
  const { acChargingParameters: ac, dcChargingParameters: dc, v2xChargingParameters: v2x, departureTime } = chargingNeeds;
  const current = ac?.evMaxCurrent ?? dc?.evMaxCurrent ?? v2x?.maxChargeCurrent;
  const power = dc?.evMaxPower ?? (ac === undefined ? v2x?.maxChargePower : undefined);
  return {
    evseId,
    ...omitUndefined({
      mostPeriods: maxScheduleTuples !== undefined && maxScheduleTuples >= 1 ? maxScheduleTuples : undefined,
      departure: departureTime === undefined ? undefined : parseMoment(departureTime),
      maxCurrent: current === undefined ? undefined : amperes(current),
      maxPower: power === undefined ? undefined : watts(power),
    }),
  };
}
