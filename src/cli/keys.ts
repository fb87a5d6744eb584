import { type Command, Option } from 'commander';
import { SCOPES, type Scope } from '../node/operators/roles.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { printJsonLine } from './json-line.ts';
import { valueOrThrow } from './output.ts';

/** `keys`: makes, lists and revokes keys to the API of a node. */
export function addKeysCommand(program: Command): void {
  const keys = program
    .command('keys')
    .summary("make, list and revoke keys for the operator's own systems")
    .description('Keys to the API of a node, /api/v1. They stand in its database as hashes, and work at once, also beside a running node.');
  keys
    .command('add')
    .summary('make a key')
    .description('Makes a key and prints {"id":…,"key":…,"scope":…}. It is shown this once.')
    .requiredOption(...CONFIG_OPTION)
    .requiredOption('--name <name>', 'whose key it is, for the list')
    .addOption(
      new Option(
        '--scope <scope>',
        'view: read; operate: also set, get and clear profiles, and halt parties; admin: also change peers, contracts, consents and keys',
      )
        .choices(SCOPES)
        .makeOptionMandatory(),
    )
    .action(async ({ config, name, scope }: { config: string; name: string; scope: Scope }) => {
      await using door = await openDoor(config);
      printJsonLine(await door.add({ name, scope }));
    });
  keys
    .command('list')
    .summary('list the keys, without what opens')
    .requiredOption(...CONFIG_OPTION)
    .action(async ({ config }: { config: string }) => {
      await using door = await openDoor(config);
      for (const key of await door.all()) printJsonLine(shown(key));
    });
  keys
    .command('revoke')
    .summary('make a key useless')
    .requiredOption(...CONFIG_OPTION)
    .requiredOption('--id <id>', 'as keys list shows it')
    .action(async ({ config, id }: { config: string; id: string }) => {
      await using door = await openDoor(config);
      printJsonLine(shown(valueOrThrow(await door.revoke(id))));
    });
}

async function openDoor(config: string) {
  const settings = await readConfiguration(config);
  const { openKeys } = await import('../node/operators/keys.ts');
  return openKeys(settings);
}

const shown = (key: { id: string; name: string; scope: string; createdAt: number; revokedAt: number | undefined }) => ({
  id: key.id,
  name: key.name,
  scope: key.scope,
  created_at: new Date(key.createdAt).toISOString(),
  ...(key.revokedAt !== undefined && { revoked_at: new Date(key.revokedAt).toISOString() }),
});
