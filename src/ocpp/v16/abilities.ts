import type { GetConfigurationRequest, GetConfigurationResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import { ok } from '../../domain/result.ts';
import { assumed, readCount } from '../abilities.ts';
import type { Learning } from '../dialect.ts';
import type { Abilities } from '../station.ts';

const asked: GetConfigurationRequest = {
  key: [
    'SupportedFeatureProfiles',
    'ChargingScheduleAllowedChargingRateUnit',
    'ChargeProfileMaxStackLevel',
    'ChargingScheduleMaxPeriods',
    'MaxChargingProfilesInstalled',
  ],
};

/** A station's abilities by its configuration keys (OCPP 1.6 §9.4); a key that it does not know leaves the assumption. */
export const learning: Learning = {
  call: { action: 'GetConfiguration', payload: asked },
  assumed,
  read: (payload, book) => {
    const fit = book.check<GetConfigurationResponse>('GetConfigurationResponse', payload);
    return fit.ok ? ok(toAbilities(fit.value)) : fit;
  },
};

function toAbilities({ configurationKey = [] }: GetConfigurationResponse): Abilities {
  const values = new Map(configurationKey.map(({ key, value }) => [key.toLowerCase(), value]));
  const value = (key: string) => values.get(key.toLowerCase());
  const profiles = value('SupportedFeatureProfiles');
  const most = readCount(value('MaxChargingProfilesInstalled'));
  return {
    smartCharging: profiles === undefined ? assumed.smartCharging : /(^|,)\s*SmartCharging\s*(,|$)/i.test(profiles),
    ...toUnits(value('ChargingScheduleAllowedChargingRateUnit')),
    maxStackLevel: readCount(value('ChargeProfileMaxStackLevel')) ?? assumed.maxStackLevel,
    maxPeriods: readCount(value('ChargingScheduleMaxPeriods')) || assumed.maxPeriods,
    minProfileId: assumed.minProfileId,
    ...(most === undefined ? {} : { maxProfiles: most }),
  };
}

// The standard says `Current` and `Power`; some stations write the units themselves.
function toUnits(list = ''): Pick<Abilities, 'units' | 'unitsAssumed'> {
  const words = list.split(',').map((word) => word.trim().toLowerCase());
  const units: Abilities['units'] = [
    ...(words.includes('current') || words.includes('a') ? (['A'] as const) : []),
    ...(words.includes('power') || words.includes('w') ? (['W'] as const) : []),
  ];
  return units.length === 0 ? { units: assumed.units, unitsAssumed: true } : { units };
}
