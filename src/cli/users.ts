import { type Command, Option } from 'commander';
import { SCOPES, type Scope } from '../node/operators/roles.ts';
import type { ConsoleUser } from '../node/operators/users.ts';
import { askPassword } from './ask-password.ts';
import { CONFIG_OPTION, readConfiguration } from './configuration.ts';
import { printJsonLine } from './json-line.ts';
import { valueOrThrow } from './output.ts';

const NAME_OPTION = ['--name <name>', 'what they sign in with'] as const;

/** `users`: who may sign in to the console of a node. */
export function addUsersCommand(program: Command): void {
  const users = program
    .command('users')
    .summary('say who may sign in to the console')
    .description('Who may sign in to the console of a node, /console. They stand in its database, and it knows of a change at once.');
  users
    .command('add')
    .summary('let somebody sign in')
    .description(
      'Asks for a password, or reads it from standard input, and prints the user. With --totp it prints an otpauth: address as well, shown this once, for an authenticator app.',
    )
    .requiredOption(...CONFIG_OPTION)
    .requiredOption(...NAME_OPTION)
    .addOption(
      new Option('--role <role>', 'view: read; operate: also steer and halt; admin: also change peers, contracts, consents and keys')
        .choices(SCOPES)
        .makeOptionMandatory(),
    )
    .option('--totp', 'a code from an authenticator app as second factor')
    .action(async ({ config, name, role, totp = false }: { config: string; name: string; role: Scope; totp?: boolean }) => {
      await using door = await openDoor(config);
      const { user, otpauth } = valueOrThrow(await door.add({ name, role, totp, password: await askPassword() }));
      printJsonLine({ ...shown(user), ...(otpauth !== undefined && { otpauth }) });
    });
  users
    .command('list')
    .summary('list who may sign in')
    .requiredOption(...CONFIG_OPTION)
    .action(async ({ config }: { config: string }) => {
      await using door = await openDoor(config);
      for (const user of await door.all()) printJsonLine(shown(user));
    });
  users
    .command('password')
    .summary('give somebody another password')
    .description('Asks for the password, or reads it from standard input. Whatever they have open is signed out.')
    .requiredOption(...CONFIG_OPTION)
    .requiredOption(...NAME_OPTION)
    .action(async ({ config, name }: { config: string; name: string }) => {
      await using door = await openDoor(config);
      printJsonLine(shown(valueOrThrow(await door.setPassword(name, await askPassword()))));
    });
  users
    .command('remove')
    .summary('let somebody sign in no more')
    .description(
      'Removes somebody, and signs out whatever they have open. One whom an issuer vouches for is named by id, and comes back unless the issuer says otherwise.',
    )
    .requiredOption(...CONFIG_OPTION)
    .requiredOption(...NAME_OPTION)
    .action(async ({ config, name }: { config: string; name: string }) => {
      await using door = await openDoor(config);
      printJsonLine(shown(valueOrThrow(await door.remove(name))));
    });
}

async function openDoor(config: string) {
  const settings = await readConfiguration(config);
  const { openUsers } = await import('../node/operators/open-users.ts');
  return openUsers(settings);
}

const shown = ({ id, name, role, password, encryptedTotp, createdAt }: ConsoleUser) => ({
  id,
  name,
  role,
  via: password === undefined ? 'oidc' : 'password',
  totp: encryptedTotp !== undefined,
  created_at: new Date(createdAt).toISOString(),
});
