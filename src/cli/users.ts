import { type Command, Option } from 'commander';
import { SCOPES, type Scope } from '../node/operators/roles.ts';
import type { ConsoleUser } from '../node/operators/users.ts';
import { askPassword } from './ask-password.ts';
import { CONFIG_OPTION, openUsers } from './configuration.ts';
import { printJsonLine, valueOrThrow } from './output.ts';

const NAME_OPTION = ['--name <name>', 'name to sign in with'] as const;

/** `users`: manages who may sign in to the console. */
export function addUsersCommand(program: Command): void {
  const users = program
    .command('users')
    .summary('manage the users of the console')
    .description('Users may sign in to the console of a node (/console). They are stored in the database. A running node applies a change at once.');
  users
    .command('add')
    .summary('add a user')
    .description(
      'Asks for a password, or reads it from standard input, and prints the new user.\nWith --totp it also prints an otpauth: address for an authenticator app; the address cannot be shown again.',
    )
    .requiredOption(...CONFIG_OPTION)
    .requiredOption(...NAME_OPTION)
    .addOption(
      new Option('--role <role>', 'view: read; operate: also set profiles and halt parties; admin: also change peers, contracts, consents and keys')
        .choices(SCOPES)
        .makeOptionMandatory(),
    )
    .option('--totp', 'require a code from an authenticator app as second factor')
    .action(async ({ config, name, role, totp = false }: { config: string; name: string; role: Scope; totp?: boolean }) => {
      await using accounts = await openUsers(config);
      const { user, otpauth } = valueOrThrow(await accounts.add({ name, role, totp, password: await askPassword() }));
      printJsonLine({ ...viewUser(user), ...(otpauth !== undefined && { otpauth }) });
    });
  users
    .command('list')
    .summary('list all users')
    .requiredOption(...CONFIG_OPTION)
    .action(async ({ config }: { config: string }) => {
      await using accounts = await openUsers(config);
      for (const user of await accounts.all()) printJsonLine(viewUser(user));
    });
  users
    .command('password')
    .summary('set a new password for a user')
    .description('Asks for the new password, or reads it from standard input. The user is signed out everywhere.')
    .requiredOption(...CONFIG_OPTION)
    .requiredOption(...NAME_OPTION)
    .action(async ({ config, name }: { config: string; name: string }) => {
      await using accounts = await openUsers(config);
      printJsonLine(viewUser(valueOrThrow(await accounts.setPassword(name, await askPassword()))));
    });
  users
    .command('remove')
    .summary('remove a user')
    .description(
      'Removes a user, who is signed out everywhere. Give the id instead of the name for a user who signs in through an identity provider ("via":"oidc").\nSuch a user can sign in again until the provider refuses it.',
    )
    .requiredOption(...CONFIG_OPTION)
    .requiredOption(...NAME_OPTION)
    .action(async ({ config, name }: { config: string; name: string }) => {
      await using accounts = await openUsers(config);
      printJsonLine(viewUser(valueOrThrow(await accounts.remove(name))));
    });
}

const viewUser = ({ id, name, role, password, encryptedTotp, createdAt }: ConsoleUser) => ({
  id,
  name,
  role,
  via: password === undefined ? 'oidc' : 'password',
  totp: encryptedTotp !== undefined,
  created_at: new Date(createdAt).toISOString(),
});
