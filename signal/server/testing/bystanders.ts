/** A phone and a console that go on talking while a test misbehaves beside them. For tests only. */
import { expect, onTestFinished } from 'vitest';
import { startServer, type TestServer } from './test-server';

/** A server with bystanders, and the proof that they noticed nothing. */
export interface BystanderServer {
  readonly server: TestServer;
  /** @param ignoring - types of messages that they may have heard beside the usual ones */
  readonly check: (options?: { ignoring?: readonly string[] }) => Promise<void>;
}

// Quick talk must not run into the limits that tests are about.
const TALKATIVE = { messageBurst: 1e6, byteBurst: 1e9 };

/** Starts it; both join, and the console watches the phone. */
export async function startWithBystanders(
  setup: NonNullable<Parameters<typeof startServer>[0]> = {},
): Promise<BystanderServer> {
  const server = await startServer({ ...setup, limits: { ...TALKATIVE, ...setup.limits } });
  const phone = await server.join('streamer');
  const wall = await server.join('viewer');
  const sessionId = await wall.subscribe(await phone.publish());
  const state = { isDone: false, exchanged: 0 };
  const signal = { type: 'signal', sessionId, payload: { kind: 'end-of-candidates' } } as const;
  const talk = async (): Promise<void> => {
    while (!state.isDone) {
      phone.send(signal);
      await wall.next('signal');
      wall.send(signal);
      await phone.next('signal');
      state.exchanged += 1;
      await new Promise(setImmediate);
    }
  };
  const talking = talk().catch((error: unknown) => {
    // A test that is over may have closed the server already.
    if (!state.isDone) throw error;
  });
  onTestFinished(() => {
    state.isDone = true;
  });
  const check = async ({ ignoring = [] }: { ignoring?: readonly string[] } = {}): Promise<void> => {
    const before = state.exchanged;
    await expect.poll(() => state.exchanged).toBeGreaterThan(before);
    state.isDone = true;
    await talking;
    const usual = [
      'stream-added',
      'stream-updated',
      'session-opened',
      'room',
      'people',
      ...ignoring,
    ];
    const heard = [...phone.inbox, ...wall.inbox].map(({ type }) => type);
    expect(heard.filter((type) => !usual.includes(type))).toEqual([]);
    expect(await server.health()).toMatchObject({ status: 'ok', streams: 1, sessions: 1 });
  };
  return { server, check };
}
