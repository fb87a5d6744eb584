import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { parseConfig } from '../../src/node/config/config-file.ts';
import { IMAGE_USER } from './built-image.ts';

const top = join(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(top, name), 'utf8');
/** The programs of this list that the machine has; what needs another one is not tried here, and a line says so. */
const found = (...programs: readonly string[]) =>
  programs.filter((program) => {
    const isThere = spawnSync(program, ['--help']).error === undefined;
    if (!isThere) console.warn(`not tried: this machine has no ${program}`);
    return isThere;
  });

test.each([
  'Dockerfile',
  'deploy/compose.yaml',
  'deploy/Caddyfile',
  'deploy/proxies/nginx.conf',
  'deploy/proxies/Caddyfile',
  'deploy/proxies/traefik.yaml',
  'deploy/evenkeel.service',
  'deploy/kubernetes/kustomization.yaml',
  '.github/workflows/check.yml',
  '.github/workflows/release.yml',
  'deploy/alerts.yaml',
])('OPS-D05: the first line of %s says what was tried and what was not', (file) => {
  expect(read(file)).toMatch(/^# Tried\b.*\bNot tried: .+\n/);
});

test('OPS-D06: compose: the node has a read-only root, no rights, one volume for its keys, and time to stop; only the proxy has ports', () => {
  const { services, volumes } = parse(read('deploy/compose.yaml'));
  expect(Object.keys(services)).toEqual(['evenkeel', 'postgres', 'caddy']);
  expect(services.evenkeel).toMatchObject({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    init: true,
    stop_grace_period: '15s',
  });
  expect(services.evenkeel.volumes).toEqual(['./evenkeel.yaml:/etc/evenkeel/evenkeel.yaml:ro', 'keys:/var/lib/evenkeel']);
  expect(services.evenkeel.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
  expect(Object.entries<{ ports?: string[] }>(services).filter(([, { ports }]) => ports)).toEqual([['caddy', services.caddy]]);
  expect(Object.keys(volumes)).toEqual(expect.arrayContaining(['keys', 'database']));
});

/** A rendered manifest. */
interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string };
  spec: Record<string, unknown>;
}

function render(): Manifest[] {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-kustomize-'));
  try {
    cpSync(join(top, 'deploy/kubernetes'), folder, { recursive: true });
    cpSync(join(folder, 'evenkeel.example.yaml'), join(folder, 'evenkeel.yaml'));
    writeFileSync(join(folder, 'database.env'), 'PGPASSWORD=a-password\n');
    const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return parseAllDocuments(stdout).map((it) => it.toJS());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('OPS-D07: Kubernetes: the example of a configuration is valid, and its ports are those of the pod', () => {
  const config = parseConfig(read('deploy/kubernetes/evenkeel.example.yaml'));
  if (!config.ok) throw new Error(JSON.stringify(config.problem));
  const { listen, listen_operator, ocpp, key_file } = config.value;
  const [pod] = parseAllDocuments(read('deploy/kubernetes/node.yaml')).map((it) => it.toJS().spec.template.spec);
  const [container] = pod.containers;
  expect(container.ports).toEqual([
    { name: 'ocpi', containerPort: listen.port },
    { name: 'operators', containerPort: listen_operator?.port },
    { name: 'ocpp', containerPort: ocpp?.port },
  ]);
  const [keys] = container.volumeMounts.filter(({ name }: { name: string }) => name === 'keys');
  expect(key_file?.startsWith(`${keys.mountPath}/`)).toBe(true);
  expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: IMAGE_USER, fsGroup: IMAGE_USER });
});

test.each(found('kubectl'))('OPS-D07: Kubernetes: %s kustomize renders one node with probes, a drain, secrets by hash, a budget and a monitor', () => {
  const manifests = render();
  const one = (kind: string, name = 'evenkeel') => manifests.find((it) => it.kind === kind && it.metadata.name === name)?.spec;
  const namespaces = new Set(manifests.filter(({ kind }) => kind !== 'Namespace').map(({ metadata }) => metadata.namespace));
  expect([...namespaces]).toEqual(['evenkeel']);
  const labels = { 'app.kubernetes.io/name': 'evenkeel', 'app.kubernetes.io/part-of': 'evenkeel' };
  const secret = manifests.find(({ kind, metadata }) => kind === 'Secret' && metadata.name.startsWith('evenkeel-config-'));
  const set = one('StatefulSet') as {
    template: { metadata: { labels: object }; spec: { terminationGracePeriodSeconds: number; containers: object[]; volumes: object[] } };
  };
  expect(set).toMatchObject({
    replicas: 1,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 30 } },
  });
  expect(set.template.spec.containers).toMatchObject([
    {
      startupProbe: { httpGet: { path: '/health/live' } },
      livenessProbe: { httpGet: { path: '/health/live' } },
      readinessProbe: { httpGet: { path: '/health/ready' }, timeoutSeconds: 3 },
      lifecycle: { preStop: { sleep: { seconds: 5 } } },
      securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      envFrom: [{ secretRef: { name: expect.stringMatching(/^evenkeel-database-/) } }],
    },
  ]);
  expect(set.template.spec.volumes).toMatchObject([{ name: 'config', secret: { secretName: secret?.metadata.name } }]);
  expect(one('Service')).toMatchObject({ selector: labels, ports: [{ targetPort: 'ocpi' }, { targetPort: 'ocpp' }] });
  expect(one('Service', 'evenkeel-operators')).toMatchObject({ selector: labels, ports: [{ targetPort: 'operators' }] });
  expect(one('PodDisruptionBudget')).toMatchObject({ maxUnavailable: 1, selector: { matchLabels: labels } });
  expect(one('NetworkPolicy')).toMatchObject({ podSelector: { matchLabels: labels } });
  expect(one('ServiceMonitor')).toMatchObject({ selector: { matchLabels: { 'evenkeel/port': 'operators' } }, endpoints: [{ path: '/metrics' }] });
});

test('OPS-D08: systemd: the unit restarts after a failure, reloads by SIGHUP, and leaves one folder that the node may write', () => {
  const unit = read('deploy/evenkeel.service');
  for (const line of ['ExecStart=/usr/bin/evenkeel serve --config /etc/evenkeel/evenkeel.yaml', 'ExecReload=/bin/kill -HUP $MAINPID', 'Restart=on-failure'])
    expect(unit).toContain(`\n${line}\n`);
  for (const line of ['ProtectSystem=strict', 'StateDirectory=evenkeel', 'NoNewPrivileges=yes', 'CapabilityBoundingSet=', 'User=evenkeel'])
    expect(unit).toContain(`\n${line}\n`);
});

test.each(found('systemd-analyze'))('OPS-D08: %s reads the unit, and finds little exposure (at most 2.0 of 10)', () => {
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', join(top, 'deploy/evenkeel.service')], {
    encoding: 'utf8',
  });
  expect([status, stderr, /exposure level for evenkeel.service: (\S+)/.exec(stdout)?.[1]]).toEqual([0, '', expect.stringMatching(/^[01]\.\d$/)]);
});

interface Workflow {
  permissions: object;
  jobs: Record<
    string,
    { 'timeout-minutes': number; permissions?: Record<string, string>; steps: { run?: string; uses?: string; with?: Record<string, unknown> }[] }
  >;
}
const workflow = (name: string): Workflow => parse(read(`.github/workflows/${name}.yml`));
const runsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []));

test('OPS-D17: each change is checked by .ci/run, by the signatures of its dependencies, and by their age', () => {
  const check = workflow('check');
  expect(check.permissions).toEqual({ contents: 'read' });
  expect(runsOf(check)).toEqual(expect.arrayContaining(['.ci/run', 'npm audit signatures', 'node scripts/dependency-age.ts --since "$SINCE"']));
  for (const run of runsOf(check)) expect(run).not.toMatch(/\$\{\{/); // a value of an event is no part of a script
});

test('OPS-D18: a release has an SBOM, and provenance signed by the identity of its workflow, for package and image; no job has a stored token', () => {
  const release = workflow('release');
  expect(release.permissions).toEqual({ contents: 'read' });
  for (const { permissions } of Object.values(release.jobs)) expect(permissions).toMatchObject({ 'id-token': 'write', attestations: 'write' });
  expect(runsOf(release).filter((run) => /^npm (sbom|audit signatures)/.test(run))).toHaveLength(2);
  expect(runsOf(release).find((run) => run.startsWith('npm publish'))).toContain('--provenance');
  const image = release.jobs.image?.steps.find(({ uses }) => uses?.startsWith('docker/build-push-action'));
  expect(image?.with).toMatchObject({ platforms: 'linux/amd64,linux/arm64', sbom: true, provenance: 'mode=max' });
  const attested = Object.values(release.jobs).map(({ steps }) => steps.filter(({ uses }) => uses?.startsWith('actions/attest-')).length);
  expect(attested).toEqual([2, 1]);
  expect(read('.github/workflows/release.yml')).not.toContain('secrets.');
  for (const run of runsOf(release)) expect(run).not.toMatch(/\$\{\{/);
});
