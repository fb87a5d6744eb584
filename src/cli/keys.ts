import { type Command, Option } from 'commander';
import { SCOPES, type Scope } from '../node/operators/roles.ts';
import { CONFIG_OPTION, openKeys } from './configuration.ts';
import { printJsonLine, valueOrThrow } from './output.ts';

/** `keys`: makes, lists and revokes API keys. */
export function addKeysCommand(program: Command): void {
  const keys = program
    .command('keys')
    .summary('make, list and revoke API keys for your own systems')
    .description('API keys for the operator API of a node (/api/v1). The database stores only their hashes. A running node accepts a new key at once.');
  keys
    .command('add')
    .summary('make a key')
    .description('Makes a key and prints {"id":…,"key":…,"scope":…}. The key cannot be shown again.')
    .requiredOption(...CONFIG_OPTION)
    .requiredOption('--name <name>', 'name for the list, such as the system that uses the key')
    .addOption(
      new Option(
        '--scope <scope>',
        'view: read; operate: also set, get and clear profiles, and halt parties; admin: also change peers, contracts, consents and keys',
      )
        .choices(SCOPES)
        .makeOptionMandatory(),
    )
    .action(async ({ config, name, scope }: { config: string; name: string; scope: Scope }) => {
      await using apiKeys = await openKeys(config);
      printJsonLine(await apiKeys.add({ name, scope }));
    });
  keys
    .command('list')
    .summary('list all keys, without the secret part')
    .requiredOption(...CONFIG_OPTION)
    .action(async ({ config }: { config: string }) => {
      await using apiKeys = await openKeys(config);
      for (const key of await apiKeys.all()) printJsonLine(viewKey(key));
    });
  keys
    .command('revoke')
    .summary('revoke a key')
    .description('Revokes a key and prints it. A running node refuses the key at once.')
    .requiredOption(...CONFIG_OPTION)
    .requiredOption('--id <id>', 'id of the key, as keys list shows it')
    .action(async ({ config, id }: { config: string; id: string }) => {
      await using apiKeys = await openKeys(config);
      printJsonLine(viewKey(valueOrThrow(await apiKeys.revoke(id))));
    });
}

const viewKey = (key: { id: string; name: string; scope: string; createdAt: number; revokedAt: number | undefined }) => ({
  id: key.id,
  name: key.name,
  scope: key.scope,
  created_at: new Date(key.createdAt).toISOString(),
  ...(key.revokedAt !== undefined && { revoked_at: new Date(key.revokedAt).toISOString() }),
});
