import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ServerState } from '../bridge/contract';
import { EmbeddedServer } from './embedded-server';
import { silentLog, stubLauncher } from './testing/stub-server';

let stub: ReturnType<typeof stubLauncher>;
let states: ServerState[];
let busyPorts: Set<number>;
let server: EmbeddedServer;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  stub = stubLauncher();
  states = [];
  busyPorts = new Set();
  server = make(8443);
});

afterEach(() => {
  // Every test ends with the server stopped: nothing may be left that could start it again.
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function make(port: number): EmbeddedServer {
  return new EmbeddedServer({
    launch: stub.launch,
    listen: { port, host: '127.0.0.1', discovery: undefined, access: undefined },
    dataDir: '/data/server',
    isPortFree: (asked) => Promise.resolve(!busyPorts.has(asked)),
    log: silentLog,
    forwardLog: () => undefined,
    onState: (state) => states.push(state),
  });
}

/** Lets everything happen that is due within this time. */
const pass = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

const latest = (): ServerState | undefined => states.at(-1);

async function startReady(): Promise<void> {
  server.start();
  await pass();
  stub.runs.at(-1)!.becomeReady();
}

async function stopNow(): Promise<void> {
  const stopped = server.stop();
  stub.runs.at(-1)!.exit(0);
  await stopped;
}

describe('EmbeddedServer', () => {
  it('is starting, then ready with its address', async () => {
    await startReady();
    expect(stub.runs[0]!.args).toEqual([
      ...['--json', '--port', '8443', '--data-dir', '/data/server'],
      ...['--host', '127.0.0.1'],
    ]);
    expect(states).toEqual([
      { state: 'starting', kind: 'embedded' },
      { state: 'ready', kind: 'embedded', origin: 'ws://127.0.0.1:8443' },
    ]);
    await stopNow();
  });

  it('takes a free port when the usual one is taken, and says so', async () => {
    busyPorts.add(8443);
    server.start();
    await pass();
    expect(stub.runs[0]!.port).toBe(0);
    stub.runs[0]!.becomeReady(40_001);
    expect(latest()).toMatchObject({
      state: 'ready',
      origin: 'ws://127.0.0.1:40001',
      notice: expect.stringContaining('Port 8443 is in use') as string,
    });
    await stopNow();
  });

  it('says nothing of ports when any free one was asked for', async () => {
    server = make(0);
    server.start();
    await pass();
    stub.runs[0]!.becomeReady(40_002);
    expect(latest()).toEqual({ state: 'ready', kind: 'embedded', origin: 'ws://127.0.0.1:40002' });
    await stopNow();
  });

  it('starts a dead server again on the same port', async () => {
    server = make(0);
    server.start();
    await pass();
    stub.runs[0]!.becomeReady(40_003);
    stub.runs[0]!.exit(137);
    expect(latest()).toEqual({ state: 'starting', kind: 'embedded' });
    await pass(200);
    expect(stub.runs[1]!.port).toBe(40_003);
    stub.runs[1]!.becomeReady();
    expect(latest()).toMatchObject({
      state: 'ready',
      origin: 'ws://127.0.0.1:40003',
      notice: expect.stringContaining('started again, once so far') as string,
    });
    stub.runs[1]!.exit(137);
    await pass(500);
    stub.runs[2]!.becomeReady();
    expect(latest()).toMatchObject({
      notice: expect.stringContaining('started again, 2 times so far') as string,
    });
    await stopNow();
  });

  it('waits for its own port after a crash before it takes another', async () => {
    await startReady();
    busyPorts.add(8443);
    stub.runs[0]!.exit(1);
    await pass(200);
    expect(stub.runs).toHaveLength(1);
    busyPorts.clear();
    await pass(500);
    expect(stub.runs[1]!.port).toBe(8443);
    await stopNow();
  });

  it('takes another port when its own stays busy, so that new phones can join', async () => {
    await startReady();
    busyPorts.add(8443);
    stub.runs[0]!.exit(1);
    await pass(10_000);
    expect(stub.runs[1]!.port).toBe(0);
    await stopNow();
  });

  it('tells the operator when it keeps failing, and never gives up', async () => {
    server.start();
    for (let round = 0; round < 8; round += 1) {
      await pass(round === 0 ? 0 : 5_000);
      stub.runs[round]!.exit(1);
    }
    expect(latest()).toMatchObject({ state: 'failed', kind: 'embedded' });
    await pass(5_000);
    stub.runs[8]!.becomeReady();
    expect(latest()).toMatchObject({ state: 'ready' });
    await stopNow();
  });

  it('does not repeat what the server refuses, and says why', async () => {
    server.start();
    await pass();
    stub.runs[0]!.events.onErrorOutput('sightline: --stun takes a stun: address');
    stub.runs[0]!.exit(2);
    expect(latest()).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('--stun takes a stun: address') as string,
    });
    await pass(60_000);
    expect(stub.runs).toHaveLength(1);
    server.retry();
    await pass();
    expect(stub.runs).toHaveLength(2);
    await stopNow();
  });

  it('kills a server that never becomes ready', async () => {
    server.start();
    await pass(15_000);
    expect(stub.runs[0]!.kills).toBe(1);
    stub.runs[0]!.exit(137);
    await pass(200);
    expect(stub.runs).toHaveLength(2);
    await stopNow();
  });

  it('asks it to end, waits, and starts nothing afterwards', async () => {
    await startReady();
    const stopped = server.stop();
    const again = server.stop();
    expect(stub.runs[0]!.shutdowns).toBe(1);
    stub.runs[0]!.exit(0);
    await Promise.all([stopped, again]);
    await pass(60_000);
    expect(stub.runs).toHaveLength(1);
  });

  it('kills one that does not end within five seconds', async () => {
    await startReady();
    const stopped = server.stop();
    await pass(4_999);
    expect(stub.runs[0]!.kills).toBe(0);
    await pass(1);
    expect(stub.runs[0]!.kills).toBe(1);
    stub.runs[0]!.exit(137);
    await stopped;
  });

  it('starts once when it is wanted again while it still stops', async () => {
    await startReady();
    const stopped = server.stop();
    server.start();
    await pass();
    expect(stub.runs).toHaveLength(1);
    stub.runs[0]!.exit(0);
    await stopped;
    await pass(10_000);
    expect(stub.runs).toHaveLength(2);
    expect(stub.runs[1]!.port).toBe(8443);
    await stopNow();
  });

  it('launches nothing when it is stopped while it looks for a port', async () => {
    server.start();
    await server.stop();
    await pass(10_000);
    expect(stub.runs).toHaveLength(0);
  });

  it('stops while it waits to start again', async () => {
    await startReady();
    stub.runs[0]!.exit(1);
    await server.stop();
    await pass(60_000);
    expect(stub.runs).toHaveLength(1);
  });
});
