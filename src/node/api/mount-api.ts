import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Result } from '../../domain/result.ts';
import type { Roles } from '../compose/compose.ts';
import { operatorUrl } from '../config/operator-url.ts';
import { Audit } from '../core/audit.ts';
import type { Context } from '../core/context.ts';
import { authoritiesOf } from '../core/outgoing.ts';
import { createRecentSteps } from '../core/recent-steps.ts';
import { createKeys, type Keys } from '../operators/keys.ts';
import { createLogins } from '../operators/logins.ts';
import { createOidc } from '../operators/oidc.ts';
import type { PasswordCost } from '../operators/password.ts';
import { createUsers, type Users } from '../operators/users.ts';
import { type AgreementChanges, createAgreementChanges } from '../rights/change-agreements.ts';
import { answersOf, routes } from './all-routes.ts';
import { authenticate, type Caller } from './authenticate.ts';
import { apiDocument } from './openapi.ts';
import { createOperator, type Operator } from './operator.ts';
import { API } from './route.ts';
import { serveRoutes } from './serve-routes.ts';
import { signInRoutes } from './sign-in/routes.ts';
import { serveSignIn } from './sign-in/sign-in.ts';
import { type Trouble, troubleAnswers } from './trouble/answers.ts';
import { troubleRoutes } from './trouble/routes.ts';

/** The operator API as a library. */
export interface OperatorApi {
  operator: Operator;
  keys: Keys;
  users: Users;
  audit: Audit;
  /** The caller of a request: a system with a key, or a user who is signed in. */
  callerOf(request: FastifyRequest): Promise<Result<Caller>>;
  agreements: AgreementChanges;
}

/** What only a demo gives a node; no configuration turns it on. */
export interface Demo {
  /** Name and password that the sign-in page shows. */
  name: string;
  password: string;
  /** The simulated world; with it, the routes to trouble it exist. */
  trouble?: Trouble;
  /** Awaited before each OCPI request is handled: a slow party. */
  beforeOcpi?(): Promise<void>;
}

interface Options {
  roles: Roles;
  demo?: Demo;
  passwordCost?: PasswordCost;
}

/** Serves the operator API at `/api/v1`, and returns it as a library. */
export function mountApi(app: FastifyInstance, context: Context, { roles, demo, passwordCost }: Options): OperatorApi {
  const { config, clock, store } = context;
  const [keys, users, logins, audit] = [createKeys(store, clock), createUsers(context, passwordCost), createLogins(context), new Audit(context)];
  const agreements = createAgreementChanges(context);
  const steps = createRecentSteps(context.journal, clock);
  const operator = createOperator({ context, roles, agreements, steps, users, keys });
  const stopAuditing = auditPeers(context, audit);
  const oidc = config.console?.oidc && createOidc(config.console.oidc, { clock, work: context.work, insecure: config.insecure_http, ...authoritiesOf(config) });
  const streams = new Set<AbortController>();
  context.metrics.keep('streams of events', () => streams.size);
  const serving = { context, config, keys, logins, audit, log: operator.log, streams };
  const trouble = demo?.trouble;
  const answers = [...answersOf({ context, roles, operator, agreements, keys, users }), ...(trouble ? troubleAnswers(trouble) : [])];
  const document = apiDocument([...signInRoutes, ...routes, ...(trouble ? troubleRoutes : [])], operatorUrl(config));
  // Needs no authentication: the document contains nothing about this node.
  app.get(`${API}/openapi.json`, async (_request, reply) => reply.send(document));
  app.register(async (scope) => serveSignIn(scope, { ...serving, users, oidc, demo }), { prefix: API });
  app.register(async (scope) => serveRoutes(scope, { ...serving, answers }), { prefix: API });
  app.addHook('preClose', async () => {
    operator.stop();
    steps[Symbol.dispose]();
    stopAuditing();
    for (const stream of streams) stream.abort();
  });
  return { operator, keys, users, audit, agreements, callerOf: (request) => authenticate(serving, request) };
}

/** Notes in the audit that a peer registered or left. Returns what stops it. */
const auditPeers = ({ journal, work }: Context, audit: Audit): (() => void) =>
  journal.onStep((step) => {
    if (step.step !== 'peer-registered' && step.step !== 'peer-gone') return;
    work.start('audit', () => audit.note({ kind: 'node' }, { act: step.step, subject: step.peer }));
  });
