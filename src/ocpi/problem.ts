import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { showValue } from '../domain/show-value.ts';
import { patternDescriptions } from './scalars.ts';

type Problem = ReturnType<Validator['Errors']>[number];

const compiled = new WeakMap<TSchema, Validator>();
/** The compiled check of a schema; compiled once, on first use. */
export function compiledCheck(schema: TSchema): Validator {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const made = Compile(schema);
  compiled.set(schema, made);
  return made;
}

/** Fields whose text never stands in a message, since messages are logged (SEC-25). */
const secretFields = new Set(['token', 'response_url', 'uid', 'token_uid', 'contract_id', 'visual_number', 'group_id', 'authorization_reference']);

/** What is wrong with a value, field by field: where, what was found, what is allowed; undefined when nothing is. */
export function problemWith(schema: TSchema, value: unknown): string | undefined {
  const check = compiledCheck(schema);
  if (check.Check(value)) return undefined;
  const sentences = check
    .Errors(value)
    .slice(0, 3)
    .map((problem) => inWords(problem, value));
  return sentences.join('; ').slice(0, 255) || 'not what this message holds';
}

/** The first thing wrong with a value, in parts for readers that are programs; undefined when nothing is. */
export function firstProblem(schema: TSchema, value: unknown): { field: string; says: string; allowed: string } | undefined {
  const check = compiledCheck(schema);
  const problem = check.Check(value) ? undefined : check.Errors(value)[0];
  if (problem === undefined) return undefined;
  const steps = stepsOf(problem);
  const missing = problem.keyword === 'required' ? problem.params.requiredProperties[0] : undefined;
  const extra = problem.keyword === 'additionalProperties' ? problem.params.additionalProperties[0] : undefined;
  const field = printPath([...steps, ...[missing ?? extra].filter((it) => it !== undefined)]);
  return { field, says: extra === undefined ? inWords(problem, value) : `${field}: not known here`, allowed: allowed(problem) };
}

const stepsOf = (problem: Problem) =>
  problem.instancePath
    .split('/')
    .slice(1)
    .map((it) => it.replaceAll('~1', '/').replaceAll('~0', '~'));

function inWords(problem: Problem, value: unknown): string {
  const steps = stepsOf(problem);
  if (problem.keyword === 'required') return problem.params.requiredProperties.map((name) => `${printPath([...steps, name])}: missing`).join('; ');
  const found = secretFields.has(steps.at(-1) ?? '') ? measure(at(value, steps)) : showValue(at(value, steps));
  return `${printPath(steps) || 'body'}: found ${found}, allowed: ${allowed(problem)}`;
}

/** `charging_profile.charging_profile_period[1].limit` */
const printPath = (steps: readonly string[]) => steps.map((it, at) => (/^\d+$/.test(it) ? `[${it}]` : at === 0 ? it : `.${it}`)).join('');

function at(value: unknown, steps: readonly string[]): unknown {
  let here = value;
  for (const step of steps) here = typeof here === 'object' && here !== null ? Reflect.get(here, step) : undefined;
  return here;
}

const measure = (value: unknown) => (typeof value === 'string' ? `a text of ${value.length} characters` : showValue(value));

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
