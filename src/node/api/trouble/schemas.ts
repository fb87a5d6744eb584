import { type Static, Type } from 'typebox';
import { oneOf } from '../../../ocpi/scalars.ts';

/** What an operator of a demo may do to its simulated world. `of`: a station, an EVSE, a party or a site. */
export const TROUBLE_ACTS = ['cut', 'connect', 'reboot', 'leave', 'delay', 'hurry', 'halve', 'restore'] as const;
export type TroubleAct = (typeof TROUBLE_ACTS)[number];

/** One act on one thing of the simulated world. */
export const TroubleBody = Type.Object(
  {
    act: Type.Unsafe<TroubleAct>({
      ...oneOf(...TROUBLE_ACTS),
      description:
        'cut, connect, reboot: a station; leave: the car at an EVSE; delay, hurry: the answers of a party come late, or at once again; halve, restore: the fuse of a site',
    }),
    of: Type.String({ minLength: 1, maxLength: 100, description: 'id of the station, uid of the EVSE, party such as NL*MSP, or name of the site' }),
  },
  { additionalProperties: false },
);

/** The simulated world of a demo, and what troubles it now. */
export const TroubleView = Type.Object({
  stations: Type.Array(
    Type.Object({
      id: Type.String(),
      connected: Type.Boolean(),
      fault: Type.Optional(oneOf('draws-above', 'silent', 'forgets')),
    }),
  ),
  cars: Type.Array(Type.Object({ evse: Type.String(), driver: Type.Optional(Type.String()) }), { description: 'the cars that are plugged in' }),
  parties: Type.Array(
    Type.Object({
      party: Type.String(),
      name: Type.String(),
      delay: Type.Number({ description: 's until each of its answers, on the clock of the demo' }),
      delayed: Type.Boolean({ description: 'whether an operator delays it' }),
    }),
  ),
  sites: Type.Array(Type.Object({ name: Type.String(), fuse: Type.Number({ description: 'A on each phase, now' }), halved: Type.Boolean() })),
  delay: Type.Number({ description: 's that the act delay adds' }),
});
export type TroubleView = Static<typeof TroubleView>;
