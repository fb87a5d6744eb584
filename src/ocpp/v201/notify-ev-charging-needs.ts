import type { NotifyEVChargingNeedsResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import type { NotifyEVChargingNeedsRequest } from 'typed-ocpp/dist/ocpp21/types.js';
import { parseMoment } from '../../domain/moment.ts';
import { omitUndefined } from '../../domain/omit-undefined.ts';
import type { ChargingNeeds } from '../../domain/station.ts';
import { amperes, watts } from '../../domain/units.ts';
import { messageHandler } from '../dialect.ts';

/**
 * Gives the node the charging needs of a car (ISO 15118). If the node accepts, it sends a profile for the transaction after this answer
 * (OCPP 2.0.1 K15, OCPP 2.1 K15); without a running transaction it rejects.
 */
export const notifyEvChargingNeeds = messageHandler<NotifyEVChargingNeedsRequest, NotifyEVChargingNeedsResponse>(
  'NotifyEVChargingNeeds',
  async (request, context) => {
    const status = await context.chargingNeeds(needsOf(request));
    return status === 'Accepted' ? { status } : { status, statusInfo: { reasonCode: 'TxNotFound' } };
  },
);

/** OCPP 2.0.1 and 2.1 have the fields used here in common. In OCPP 2.1 a bidirectional car states its limits in `v2xChargingParameters`. */
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
