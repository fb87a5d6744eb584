import { messageId } from '../../domain/ids.ts';
import type { StationAnswer } from '../../domain/station.ts';
import { later, seconds } from '../../domain/units.ts';
import type { Station, StationRequest } from '../../ocpp/station.ts';
import type { Context } from '../core/context.ts';

/** How long a charge point may take to answer a request of the node itself. */
const PATIENCE = seconds(20);

/** Sends a request of the node itself, which no exchange belongs to. `claim` is called just before it is sent; false: it is not sent. */
export const sendToStation = (
  { clock, newId }: Pick<Context, 'clock' | 'newId'>,
  station: Station,
  { request, claim = async () => true }: { request: StationRequest; claim?: () => Promise<boolean> },
): Promise<StationAnswer> => station.send({ request, messageId: messageId(newId()), deadline: later(clock.now(), PATIENCE), claim });

/** An answer of a charge point for log lines, such as `REJECTED (NotSupported)`. */
export const describeAnswer = (answer: StationAnswer): string => ('because' in answer ? `${answer.is} (${answer.because})` : answer.is);
