import type { OcppVersion } from '../../src/ocpp/station.ts';
import { violationOf } from './schema-check.ts';

const VERSIONS: Readonly<Record<string, OcppVersion>> = { 'ocpp1.6': '1.6', 'ocpp2.0.1': '2.0.1', 'ocpp2.1': '2.1' };
/** The version of a subprotocol in any case; undefined for an unknown one. */
export const versionOf = (subprotocol: string): OcppVersion | undefined => VERSIONS[subprotocol.toLowerCase()];
const LONGEST_ID = 36;
const LONGEST_DESCRIPTION = 255;

/** Checks of frames that a node sent to simulated stations, each with the violation that it found. A test takes and judges them. */
export const checksOfSentFrames: Promise<string | undefined>[] = [];

/** Checks one frame of a node against the official schema; `answered` is the action of the call in flight. A station that records its frames does this. */
export function checkSentFrame(frame: unknown, { subprotocol, answered }: { subprotocol: string; answered: string | undefined }): void {
  const version = versionOf(subprotocol);
  if (version) checksOfSentFrames.push(violationIn(frame, { version, answered }));
}

async function violationIn(frame: unknown, { version, answered }: { version: OcppVersion; answered: string | undefined }): Promise<string | undefined> {
  const parts: unknown[] = Array.isArray(frame) ? frame : [];
  const [type, id, third, fourth] = parts;
  if (typeof id !== 'string' || id.length > LONGEST_ID) return `the id of ${JSON.stringify(frame)}`;
  if (type === 2) return parts.length === 4 ? described(version, `${String(third)}Request`, fourth) : `the parts of ${JSON.stringify(frame)}`;
  if (type === 3) return parts.length === 3 && answered !== undefined ? described(version, `${answered}Response`, third) : undefined;
  const isError = (type === 4 || type === 5) && parts.length === 5 && typeof third === 'string' && typeof fourth === 'string';
  return isError && fourth.length <= LONGEST_DESCRIPTION ? undefined : `the parts of ${JSON.stringify(frame)}`;
}

async function described(version: OcppVersion, message: string, payload: unknown): Promise<string | undefined> {
  const violation = await violationOf(version, message, payload);
  return violation && `OCPP ${version} ${message}: ${violation.description} in ${JSON.stringify(payload)}`;
}
