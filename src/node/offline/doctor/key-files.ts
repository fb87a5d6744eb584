import { existsSync, readFileSync, statSync } from 'node:fs';
import { keyFileFor } from '../../../store/open.ts';
import type { Config } from '../../config/config.ts';
import { type Finding, failed, passed, reasonOf } from './finding.ts';

/** The file that encrypts peers' tokens: there, whole, and for its owner's eyes only (SEC-08). */
export function checkKeyFile({ database, key_file }: Config): readonly Finding[] {
  if (database === ':memory:') return [];
  const path = key_file ?? keyFileFor(database);
  if (!existsSync(path)) return [passed('key file', `${path} is not there yet; the first start makes it`)];
  try {
    const bytes = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64').length;
    const mode = statSync(path).mode & 0o777;
    if (bytes !== 32)
      return [failed('key file', `${path} holds ${bytes} bytes in Base64 where 32 belong: put back the right file, or remove it and register all peers anew`)];
    if ((mode & 0o077) !== 0) return [failed('key file', `${path} can be read by others (mode ${mode.toString(8)}): chmod 600 ${path}`)];
    return [passed('key file', `${path} is whole and for its owner only`)];
  } catch (error) {
    return [failed('key file', `${path} cannot be read (${reasonOf(error)}): let this user read it, or name another with key_file`)];
  }
}
