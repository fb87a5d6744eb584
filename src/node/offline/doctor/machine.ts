import { machineClock } from '../../core/machine-clock.ts';
import { type Finding, failed, passed } from './finding.ts';

const MIN_NODE = 24;
/** A clock outside these years is wrong. */
const YEARS = { first: 2025, last: 2099 } as const;

/** The version of Node, and the clock of the machine. */
export function checkMachine(version: string = process.versions.node, now: number = machineClock.now()): readonly Finding[] {
  const at = new Date(now);
  const year = at.getUTCFullYear();
  return [
    Number.parseInt(version, 10) >= MIN_NODE
      ? passed('node', `Node ${version}`)
      : failed('node', `Node ${version} is too old: install Node ${MIN_NODE} or later`),
    year >= YEARS.first && year <= YEARS.last
      ? passed('clock', at.toISOString())
      : failed('clock', `the clock of this machine shows ${at.toISOString()}: set it, for example by NTP`),
  ];
}
