import type { OcppVersion } from '../../src/ocpp/station.ts';
import type { Dialect } from './dialect.ts';
import { v16 } from './v16.ts';
import { v21 } from './v21.ts';
import { v201 } from './v201.ts';

/** The versions of OCPP that a simulated station supports. */
export const DIALECTS: Record<OcppVersion, Dialect> = { '1.6': v16, '2.0.1': v201, '2.1': v21 };
