import { existsSync, readFileSync } from 'node:fs';
import { type TSchema, Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { Credentials } from './credentials/credentials.ts';
import { readAnswer } from './peer-answer.ts';
import { problemWith } from './problem.ts';
import { Session, SessionPatch } from './sessions/session.ts';
import { Token } from './tokens/token.ts';
import { Version, VersionDetail } from './versions/version.ts';

/** Where the specification's own examples lie, when they lie anywhere; they are not part of this project. */
const folder = process.env.EVENKEEL_OCPI_EXAMPLES ?? new URL('../../../shared/ocpi-examples', import.meta.url).pathname;
const present = existsSync(folder);
const read = (name: string) => readFileSync(`${folder}/${name}.json`, 'utf8');

const objects: [string, TSchema][] = [
  ['credentials_example', Credentials['2.2.1']],
  ['credentials_example2', Credentials['2.2.1']],
  ['credentials_example3', Credentials['2.2.1']],
  ['credentials_example4', Credentials['2.3.0']],
  ['session_example_1_simple_start', Session['2.2.1']],
  ['session_example_2_short_finished', Session['2.2.1']],
  ['session_patch_example_charging_period', SessionPatch['2.2.1']],
  ['session_patch_example_total_cost', SessionPatch['2.2.1']],
  ['version_details_example', VersionDetail],
  ['version_details_example2', VersionDetail],
  ['versions_info_example', Type.Array(Version)],
  ['token_example_1_app_user', Token['2.2.1']],
  ['token_example_2_full_rfid', Token['2.2.1']],
];
const answers: [string, TSchema][] = [
  ['transport_and_format_version_details_example', VersionDetail],
  ['transport_and_format_version_info_example', Type.Array(Version)],
  ['transport_and_format_get_token_example', Token['2.2.1']],
  ['transport_and_format_get_token_list_example', Type.Array(Token['2.2.1'])],
];

describe.skipIf(!present)(`the specification’s own examples${present ? '' : ' (skipped: the folder with them is not here)'}`, () => {
  test.each(objects)('%s is read', (name, schema) => {
    expect(problemWith(schema, JSON.parse(read(name)))).toBeUndefined();
  });

  test.each(answers)('TRN-38: %s is a successful answer', (name, schema) => {
    expect(readAnswer({ is: 'ANSWERED', status: 200, headers: {}, body: read(name) }, schema)).toMatchObject({ is: 'SUCCESS', statusCode: 1000 });
  });
});
