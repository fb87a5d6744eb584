import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createAuthority } from '../certificates.ts';
import { runCommand } from '../command.ts';
import { openNodeOf, writeNodeFile } from '../node-file.ts';

describe('evenkeel health', () => {
  test('OPS-D01: says that the node of a configuration is ready, names each problem, and fails without an answer', async () => {
    await using file = await writeNodeFile();
    const absent = await runCommand('health', '--config', file.path);
    expect(absent).toMatchObject({ code: 1, stdout: '' });
    expect(absent.stderr).toMatch(
      new RegExp(`^evenkeel: http://127.0.0.1:${file.port}/health/ready: no answer \\(.*\\): start the node, or look at its log\n$`),
    );
    file.change('listen: { host: 127.0.0.1,', 'listen: { host: 0.0.0.0,');
    await using _node = await openNodeOf(file);
    expect(await runCommand('health', '--config', file.path)).toEqual({ code: 0, stdout: 'the node is ready\n', stderr: '' });
    expect(JSON.parse((await runCommand('health', '--config', file.path, '--json')).stdout)).toEqual({ ready: true, problems: [] });
  });

  test('OPS-D01: asks a node with a certificate for another name, and says why it is not ready', async () => {
    await using file = await writeNodeFile();
    const identity = createAuthority('a test').issue('ocpi.example.com');
    for (const name of ['cert', 'key'] as const) writeFileSync(join(file.folder, `${name}.pem`), identity[name]);
    file.change(`port: ${file.port} }`, `port: ${file.port}, tls: { cert: cert.pem, key: key.pem } }`);
    const problems = [{ check: 'store', says: 'the database does not accept a commit' }];
    const node = createServer(identity, (_request, response) => void response.writeHead(503).end(JSON.stringify({ status: 'not ready', problems })));
    await once(node.listen(file.port, '127.0.0.1'), 'listening');
    const health = await runCommand('health', '--config', file.path);
    const json = await runCommand('health', '--config', file.path, '--json');
    node.close();
    expect(health).toEqual({ code: 1, stdout: '', stderr: 'evenkeel: store: the database does not accept a commit\n' });
    expect([json.code, JSON.parse(json.stdout)]).toEqual([1, { ready: false, problems }]);
  });
});
