import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './command.ts';

/** A configuration file in a folder of its own, as an operator would write it; the folder goes with the test. */
export interface NodeFile extends AsyncDisposable {
  path: string;
  folder: string;
  database: string;
  port: number;
  ocppPort: number;
  publicUrl: string;
  text: string;
  /** Writes the file anew with one part changed. */
  change(part: string, into: string): void;
}

/** The password of the file's charge points. */
export const PASSWORD = '0123456789abcdef';

/** The file of the README, on free ports, with one charge point for each of two versions of OCPP. */
export async function writeNodeFile(database?: string): Promise<NodeFile> {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-cli-'));
  const [port = 0, ocppPort = 0] = await freePorts(2);
  const publicUrl = `http://127.0.0.1:${port}`;
  const at = database ?? join(folder, 'evenkeel.db');
  const path = join(folder, 'evenkeel.yaml');
  const text = `listen: { host: 127.0.0.1, port: ${port} }
public_url: ${publicUrl}
database: ${at}
key_file: ${join(folder, 'evenkeel.key')}
insecure_http: true
parties:
  - { role: CPO, country_code: NL, party_id: EVK, name: Evenkeel CPO }
ocpp: { host: 127.0.0.1, port: ${ocppPort}, security_profile: 1 }
charge_points:
  - id: CP001
    password: ${PASSWORD}
    location_id: LOC1
    evses:
      - { uid: CP001-1, evse_id: 1, connector_id: 1, power_type: AC_3_PHASE, max_voltage: 230, max_amperage: 32 }
tokens:
  - { uid: DEADBEEF, type: RFID, country_code: NL, party_id: MSP, contract_id: NL-MSP-C0001 }
`;
  writeFileSync(path, text);
  return {
    path,
    folder,
    database: at,
    port,
    ocppPort,
    publicUrl,
    text,
    change: (part, into) => {
      if (!text.includes(part)) throw new Error(`the file has no ${part}`);
      writeFileSync(path, text.replace(part, into));
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
