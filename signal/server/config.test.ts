import { homedir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig, type Config } from './config';
import { LIMITS } from './limits/limits';
import { DEFAULT_TLS_MODE, helpText, OPTIONS } from './options';
import { defaultDataDir } from './tls/data-folder';

function configOf(args: string[], environment: Record<string, string> = {}): Config {
  const command = parseConfig(args, environment);
  if (!command.ok) throw new Error(command.error);
  if (command.value.kind !== 'run') throw new Error(command.value.kind);
  return command.value.config;
}

function errorOf(args: string[], environment: Record<string, string> = {}): string {
  const command = parseConfig(args, environment);
  if (command.ok) throw new Error('It was accepted.');
  return command.error;
}

describe('values', () => {
  test('have the documented defaults', () => {
    expect(configOf([], { XDG_DATA_HOME: '/srv/data' })).toEqual({
      host: '0.0.0.0',
      port: 8443,
      tls: { mode: DEFAULT_TLS_MODE },
      httpPort: undefined,
      dataDir: defaultDataDir({
        platform: process.platform,
        homeDir: homedir(),
        environment: { XDG_DATA_HOME: '/srv/data' },
      }),
      trustedProxies: [],
      access: 'keys',
      name: 'Sightline',
      discovery: true,
      iceServers: [],
      turnRest: undefined,
      allowedOrigins: [],
      limits: LIMITS,
      metrics: true,
      maxClients: 500,
      maxStreams: 100,
      resumeWindowMs: 30_000,
      logLevel: 'info',
      json: false,
    });
  });

  test('come from the command line', () => {
    const line =
      '--host ::1 --port=0 --tls off --name Studio --max-clients 7 --max-streams 3 --resume-window 2.5 --log-level debug --json';
    expect(configOf(line.split(' '))).toMatchObject({
      host: '::1',
      port: 0,
      name: 'Studio',
      maxClients: 7,
      maxStreams: 3,
      resumeWindowMs: 2_500,
      logLevel: 'debug',
      json: true,
    });
  });

  test('leave room for the connections of all clients that are let in', () => {
    const { limits } = configOf(['--max-clients', '10000']);
    expect(limits.maxConnections).toBeGreaterThan(10_000);
  });

  test('come from the environment, which the command line overrides', () => {
    const environment = {
      SIGHTLINE_PORT: '9000',
      SIGHTLINE_MAX_STREAMS: '5',
      SIGHTLINE_JSON: '1',
      SIGHTLINE_NAME: '',
      SIGHTLINE_STUN: 'stun:a.example, stun:b.example:3478',
    };
    expect(configOf(['--port', '9001'], environment)).toMatchObject({
      port: 9001,
      maxStreams: 5,
      json: true,
      name: 'Sightline',
      iceServers: [{ urls: ['stun:a.example', 'stun:b.example:3478'] }],
    });
    expect(configOf([], { SIGHTLINE_JSON: 'false' }).json).toBe(false);
  });

  test('of --stun and --turn become ICE servers', () => {
    const { iceServers } = configOf([
      '--stun=stun:one.example:3478,two.example',
      '--stun=stuns:three.example',
      '--turn=turn:user:pa:ss@turn.example:3478?transport=udp',
      '--turn=turns:u%40x:p%2Cq@[2001:db8::1]:5349',
    ]);
    expect(iceServers).toEqual([
      { urls: ['stun:one.example:3478', 'stun:two.example', 'stuns:three.example'] },
      { urls: ['turn:turn.example:3478?transport=udp'], username: 'user', credential: 'pa:ss' },
      { urls: ['turns:[2001:db8::1]:5349'], username: 'u@x', credential: 'p,q' },
    ]);
  });
});

describe('TLS', () => {
  test('follows --tls', () => {
    expect(configOf(['--tls', 'auto']).tls).toEqual({ mode: 'auto' });
    expect(configOf(['--tls', 'off']).tls).toEqual({ mode: 'off' });
  });

  test('uses the files of --cert and --key, whatever the folder it is started in', () => {
    const files = { mode: 'files', certFile: path.resolve('a.pem'), keyFile: '/etc/b.pem' };
    expect(configOf(['--cert', 'a.pem', '--key', '/etc/b.pem']).tls).toEqual(files);
    const environment = { SIGHTLINE_TLS: 'auto', SIGHTLINE_CERT: 'a.pem' };
    expect(configOf(['--key=/etc/b.pem'], environment).tls).toEqual(files);
  });

  test('has its folder, its port and its proxies', () => {
    const line = '--data-dir data --http-port 0 --trusted-proxy ::1 --trusted-proxy 10.0.0.0/8';
    expect(configOf(line.split(' '))).toMatchObject({
      dataDir: path.resolve('data'),
      httpPort: 0,
      trustedProxies: ['::1', '10.0.0.0/8'],
    });
  });
});

test('a server is announced unless that is switched off', () => {
  expect(configOf([]).discovery).toBe(true);
  expect(configOf(['--discovery', 'off']).discovery).toBe(false);
  expect(configOf([], { SIGHTLINE_DISCOVERY: 'off' }).discovery).toBe(false);
  expect(parseConfig(['--discovery', 'no'], {})).toEqual({
    ok: false,
    error: '--discovery must be on or off.',
  });
});

describe('--turn-secret', () => {
  test('takes TURN servers without credentials, and keeps the rest for everybody', () => {
    const environment = { SIGHTLINE_TURN_SECRET: 'long-shared-secret' };
    const args = ['--stun=stun.example', '--turn=TURN:[::1]:3478?transport=TCP,turns:t.example'];
    expect(configOf(args, environment)).toMatchObject({
      iceServers: [{ urls: ['stun:stun.example'] }],
      turnRest: {
        urls: ['turn:[::1]:3478?transport=tcp', 'turns:t.example'],
        secret: 'long-shared-secret',
      },
    });
    expect(configOf([...args, '--turn-secret', 'another-secret']).turnRest?.secret).toBe(
      'another-secret',
    );
  });

  test.each([
    [['--turn-secret=long-shared-secret', '--turn=turn:user:hunter2@host'], '--turn-secret'],
    [['--turn-secret=long-shared-secret', '--turn=turn:host,turn:u:hunter2@host'], '--turn'],
    [['--turn-secret=long-shared-secret'], '--turn'],
    [['--turn=turn:host:3478'], '--turn-secret'],
    [['--turn=turn:host', '--turn-secret=short'], '--turn-secret'],
    [['--turn=turn:host', '--turn-secret', 'with a space'], '--turn-secret'],
    [['--turn=turn:host', '--turn-secret'], '--turn-secret'],
  ])('is refused where it does not fit: %j', (args, name) => {
    const error = errorOf(args);
    expect(error).toContain(name);
    for (const secret of ['hunter2', 'long-shared', 'short', 'space']) {
      expect(error.replace('without spaces', '')).not.toContain(secret);
    }
  });
});

describe('refusals', () => {
  test.each([
    [['--port', 'abc'], '--port'],
    [['--port', '65536'], '--port'],
    [['--port', '-1'], '--port'],
    [['--port', '80.5'], '--port'],
    [['--port'], '--port'],
    [['--host', ''], '--host'],
    [['--host', 'http://x'], '--host'],
    [['--name', '  '], '--name'],
    [['--name', 'x'.repeat(81)], '--name'],
    [['--max-clients', '0'], '--max-clients'],
    [['--max-streams', 'many'], '--max-streams'],
    [['--resume-window', '0'], '--resume-window'],
    [['--log-level', 'loud'], '--log-level'],
    [['--stun', 'turn:x'], '--stun'],
    [['--turn', 'turn:nobody@host'], '--turn'],
    [['--turn', 'turn:u:%zz@host'], '--turn'],
    [['--json=yes'], '--json'],
    [['--nonsense'], '--nonsense'],
    [['-x'], '-x'],
    [['--access', 'some'], '--access'],
    [['--tls', 'on'], '--tls'],
    [['--cert=a.pem'], '--key'],
    [['--key=a.pem'], '--cert'],
    [['--tls', 'off', '--cert', 'a', '--key', 'b'], '--cert'],
    [['--cert=', '--key=b'], '--cert'],
    [['--data-dir='], '--data-dir'],
    [['--http-port', 'x'], '--http-port'],
    [['--trusted-proxy', 'proxy.example'], '--trusted-proxy'],
    [['--trusted-proxy', '10.0.0.0/33'], '--trusted-proxy'],
    [['--trusted-proxy', '10.0.0.0/8/8'], '--trusted-proxy'],
    [['--constructor'], '--constructor'],
    [['somewhere'], 'somewhere'],
  ])('%j is one line that names it', (args, name) => {
    const error = errorOf(args);
    expect(error).toContain(name);
    expect(error).not.toContain('\n');
  });

  test('name the variable where the value came from it', () => {
    expect(errorOf([], { SIGHTLINE_PORT: 'x' })).toContain('SIGHTLINE_PORT');
    expect(errorOf([], { SIGHTLINE_JSON: 'perhaps' })).toContain('SIGHTLINE_JSON');
  });

  test('never repeat a password', () => {
    expect(errorOf(['--turn', 'turn:user:hunter2@'])).not.toContain('hunter2');
    expect(errorOf([], { SIGHTLINE_TURN: 'turn:user:hunter2@' })).not.toContain('hunter2');
  });
});

test('--help and --version win over everything that could be wrong', () => {
  expect(parseConfig(['--port', 'x', '--help'], {})).toEqual({ ok: true, value: { kind: 'help' } });
  expect(parseConfig(['--version'], { SIGHTLINE_PORT: 'x' })).toMatchObject({
    value: { kind: 'version' },
  });
});

test('the help names every option', () => {
  for (const name of Object.keys(OPTIONS)) expect(helpText()).toContain(`--${name}`);
});
