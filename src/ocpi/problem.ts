import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { showValue } from '../domain/show-value.ts';
import { patternDescriptions } from './scalars.ts';

type Problem = ReturnType<Validator['Errors']>[number];

const compiled = new WeakMap<TSchema, Validator>();
/** The compiled validator of a schema; compiled once, at the first use. */
export function compiledCheck(schema: TSchema): Validator {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const made = Compile(schema);
  compiled.set(schema, made);
  return made;
}

/** Fields whose text is never quoted in a message, because messages are logged (SEC-25). */
const secretFields = new Set(['token', 'response_url', 'uid', 'token_uid', 'contract_id', 'visual_number', 'group_id', 'authorization_reference']);

/** Whether the text of a field is never quoted. */
export const isSecretField = (name: string): boolean => secretFields.has(name);

/** Says for up to three wrong fields: where, what was found, what is allowed; at most 255 characters, undefined when the value is valid. */
export function problemWith(schema: TSchema, value: unknown): string | undefined {
  const check = compiledCheck(schema);
  if (check.Check(value)) return undefined;
  const sentences = check
    .Errors(value)
    .slice(0, 3)
    .map((problem) => describe(problem, value));
  return sentences.join('; ').slice(0, 255) || 'body: found a value that does not fit this message';
}

/** The first wrong field of a value, with the parts of the message for programs; undefined when the value is valid. */
export function firstProblem(schema: TSchema, value: unknown): { field: string; says: string; allowed: string } | undefined {
  const check = compiledCheck(schema);
  const problem = check.Check(value) ? undefined : check.Errors(value)[0];
  if (problem === undefined) return undefined;
  const steps = stepsOf(problem);
  const missing = problem.keyword === 'required' ? problem.params.requiredProperties[0] : undefined;
  const extra = problem.keyword === 'additionalProperties' ? problem.params.additionalProperties[0] : undefined;
  const field = printPath([...steps, ...[missing ?? extra].filter((it) => it !== undefined)]);
  return { field, says: extra === undefined ? describe(problem, value) : `${field}: not known here`, allowed: allowed(problem) };
}

const stepsOf = (problem: Problem) =>
  problem.instancePath
    .split('/')
    .slice(1)
    .map((it) => it.replaceAll('~1', '/').replaceAll('~0', '~'));

function describe(problem: Problem, value: unknown): string {
  const steps = stepsOf(problem);
  if (problem.keyword === 'required') return problem.params.requiredProperties.map((name) => `${printPath([...steps, name])}: missing`).join('; ');
  const found = isSecretField(steps.at(-1) ?? '') ? describeLength(valueAt(value, steps)) : showValue(valueAt(value, steps));
  return `${printPath(steps) || 'body'}: found ${found}, allowed: ${allowed(problem)}`;
}

/** Example: `charging_profile.charging_profile_period[1].limit`. */
const printPath = (steps: readonly string[]) => steps.map((it, at) => (/^\d+$/.test(it) ? `[${it}]` : at === 0 ? it : `.${it}`)).join('');

function valueAt(value: unknown, steps: readonly string[]): unknown {
  let here = value;
  for (const step of steps) here = typeof here === 'object' && here !== null ? Reflect.get(here, step) : undefined;
  return here;
}

const describeLength = (value: unknown) => (typeof value === 'string' ? `a text of ${value.length} characters` : showValue(value));

function allowed(problem: Problem): string {
  switch (problem.keyword) {
    case 'type':
      return Array.isArray(problem.params.type) ? problem.params.type.join(' or ') : `a JSON ${problem.params.type}`;
    case 'enum':
      return problem.params.allowedValues.join(', ');
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return `a number ${problem.params.comparison} ${problem.params.limit}`;
    case 'maxLength':
      return `at most ${problem.params.limit} characters`;
    case 'minLength':
      return `at least ${problem.params.limit} characters`;
    case 'minItems':
      return `a list of at least ${problem.params.limit}`;
    case 'maxItems':
      return `a list of at most ${problem.params.limit}`;
    case 'pattern':
      return patternDescriptions.get(String(problem.params.pattern)) ?? problem.message;
    default:
      return problem.message;
  }
}
