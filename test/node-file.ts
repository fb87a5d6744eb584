import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../src/node/config/config-file.ts';
import { createNode, type Node } from '../src/node/node.ts';
import { describedInYaml } from './described-location.ts';
import { freePorts } from './free-ports.ts';

/** A configuration file of a node, in a folder of its own. Disposing deletes the folder. */
export interface NodeFile extends AsyncDisposable {
  path: string;
  folder: string;
  database: string;
  port: number;
  ocppPort: number;
  publicUrl: string;
  text: string;
  /** Writes the file again, with `part` of its original text replaced. */
  change(part: string, replacement: string): void;
}

/** The password of the charge points in the file. */
export const PASSWORD = '0123456789abcdef';

/** Writes the configuration of the README with free ports; without `database` it uses an SQLite file in its folder. */
export async function writeNodeFile(database?: string): Promise<NodeFile> {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-cli-'));
  const [port = 0, ocppPort = 0] = await freePorts(2);
  const publicUrl = `http://127.0.0.1:${port}`;
  const databaseUrl = database ?? join(folder, 'evenkeel.db');
  const path = join(folder, 'evenkeel.yaml');
  const text = `listen: { host: 127.0.0.1, port: ${port} }
public_url: ${publicUrl}
database: ${databaseUrl}
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
${describedInYaml('LOC1')}
tokens:
  - { uid: DEADBEEF, type: RFID, country_code: NL, party_id: MSP, contract_id: NL-MSP-C0001 }
`;
  writeFileSync(path, text);
  return {
    path,
    folder,
    database: databaseUrl,
    port,
    ocppPort,
    publicUrl,
    text,
    change: (part, replacement) => {
      if (!text.includes(part)) throw new Error(`the file does not contain ${part}`);
      writeFileSync(path, text.replace(part, replacement));
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Opens the node of a configuration file in this process. */
export async function openNodeOf(file: NodeFile): Promise<Node> {
  const config = parseConfig(readFileSync(file.path, 'utf8'));
  if (!config.ok) throw new Error(JSON.stringify(config.problem));
  return await createNode(config.value);
}
