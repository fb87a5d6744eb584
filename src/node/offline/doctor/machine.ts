import { machineClock } from '../../core/machine-clock.ts';
import { type Finding, failed, passed } from './finding.ts';

const LEAST_NODE = 24;
/** Before this release was made, and when nobody will run it any more. */
const YEARS = { first: 2025, last: 2099 } as const;

/** The Node that runs this, and the clock that it reads. */
export function checkMachine(version: string = process.versions.node, now: number = machineClock.now()): readonly Finding[] {
  const at = new Date(now);
  const year = at.getUTCFullYear();
  return [
    Number.parseInt(version, 10) >= LEAST_NODE
      ? passed('node', `Node ${version}`)
      : failed('node', `Node ${version} is too old: install Node ${LEAST_NODE} or later`),
    year >= YEARS.first && year <= YEARS.last
      ? passed('clock', at.toISOString())
      : failed('clock', `this machine believes it is ${at.toISOString()}: set its clock by NTP`),
  ];
}
