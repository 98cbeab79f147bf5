/**
 * Random lives of phones and consoles. Each keeps what it believes from its welcome and from all it
 * was sent since, as a page does; at every step that must be what the registry would tell it anew.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClientType, SessionInfo, StreamInfo } from '../protocol/messages';
import type { Effect } from './effects';
import { Registry, type Admitted, type RegistryMessage } from './registry';

const LIMITS = {
  maxClients: 5,
  maxStreams: 2,
  resumeWindowMs: 1_000,
  limits: { sessionsPerClient: 9, candidatesPerSession: 9 },
};
const CLIENTS: readonly (readonly [string, ClientType])[] = [
  ['p1', 'streamer'],
  ['p2', 'streamer'],
  ['p3', 'streamer'],
  ['v1', 'viewer'],
  ['v2', 'viewer'],
  ['v3', 'viewer'],
];

type Action =
  | { readonly do: 'enter'; readonly who: number; readonly withToken: boolean }
  | { readonly do: 'drop'; readonly who: number; readonly isLeaving: boolean }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'say'; readonly who: number; readonly message: RegistryMessage };

const streamId = fc.constantFrom('s1', 's2', 's3');
const capture = fc.record({
  state: fc.constantFrom('active' as const, 'hidden' as const),
  hasAudio: fc.boolean(),
  microphoneMuted: fc.boolean(),
});
const message: fc.Arbitrary<RegistryMessage> = fc.oneof(
  fc.record({
    type: fc.constant('publish' as const),
    streamId,
    label: fc.constantFrom('Door', 'Stage'),
    device: fc.constant({ kind: 'phone' as const }),
    capture,
    liveForMs: fc.constant(0),
  }),
  fc.record({ type: fc.constant('update-stream' as const), streamId, capture }),
  fc.record({ type: fc.constant('unpublish' as const), streamId }),
  fc.record(
    {
      type: fc.constant('subscribe' as const),
      streamId,
      sessionId: fc.constantFrom('claim1', 'claim2'),
    },
    { requiredKeys: ['type', 'streamId'] },
  ),
  fc.record({
    type: fc.constant('unsubscribe' as const),
    sessionId: fc.constantFrom('claim1', 'claim2'),
  }),
  fc.constant({ type: 'bye' as const }),
);
const who = fc.nat(CLIENTS.length - 1);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('enter'), who, withToken: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drop'), who, isLeaving: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.nat(1_500) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('say'), who, message }) },
);

interface Page {
  readonly type: ClientType;
  socketId: number | undefined;
  token: string | undefined;
  readonly streams: Map<string, StreamInfo>;
  readonly sessions: Map<string, SessionInfo>;
}

class World {
  readonly registry = new Registry(LIMITS);
  readonly pages = new Map<string, Page>(
    CLIENTS.map(([id, type]) => [
      id,
      { type, socketId: undefined, token: undefined, streams: new Map(), sessions: new Map() },
    ]),
  );
  #nowMs = 0;
  #lastSocket = 0;

  run(step: Action): void {
    switch (step.do) {
      case 'enter':
        this.enter(CLIENTS[step.who]![0], step.withToken);
        break;
      case 'drop': {
        const id = CLIENTS[step.who]![0];
        const page = this.pages.get(id)!;
        if (page.socketId === undefined) break;
        const { socketId } = page;
        page.socketId = undefined;
        const reason = { isLeaving: step.isLeaving, nowMs: this.#nowMs };
        this.apply(this.registry.socketLost(id, socketId, reason));
        break;
      }
      case 'wait':
        this.#nowMs += step.ms;
        this.apply(this.registry.expire(this.#nowMs));
        break;
      case 'say':
        this.say(CLIENTS[step.who]![0], step.message);
        break;
    }
  }

  enter(id: string, withToken: boolean): boolean {
    const page = this.pages.get(id)!;
    const socketId = (this.#lastSocket += 1);
    const resumeToken = withToken ? page.token : undefined;
    const client = { socketId, clientId: id, clientType: page.type, resumeToken };
    const request = { ...client, protocolVersion: 1, address: '', epochMs: 0 };
    const before = this.snapshot();
    const outcome = this.registry.hello(request);
    if (!outcome.ok) {
      expect(this.snapshot()).toEqual(before);
      return false;
    }
    this.welcome(page, socketId, outcome.value);
    this.registry.confirm(id);
    this.apply(outcome.value.effects);
    return true;
  }

  welcome(page: Page, socketId: number, admitted: Admitted): void {
    page.socketId = socketId;
    page.token = admitted.resumeToken;
    page.streams.clear();
    page.sessions.clear();
    for (const stream of admitted.streams) page.streams.set(stream.streamId, stream);
    for (const session of admitted.sessions) page.sessions.set(session.sessionId, session);
  }

  say(id: string, said: RegistryMessage): void {
    const page = this.pages.get(id)!;
    if (page.socketId === undefined) return;
    const before = this.snapshot();
    const outcome = this.registry.receive(id, said, 1_000_000);
    if (!outcome.ok) {
      expect(this.snapshot()).toEqual(before);
      return;
    }
    if (said.type === 'bye') page.socketId = undefined;
    this.apply(outcome.value);
  }

  apply(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'stream-changed') {
        for (const news of this.registry.streamUpdate(effect.streamId)) this.deliver(news);
      } else {
        this.deliver(effect);
      }
    }
  }

  deliver(effect: Effect): void {
    if (effect.kind !== 'send') return;
    expect(new Set(effect.to).size).toBe(effect.to.length);
    for (const id of effect.to) {
      const page = this.pages.get(id)!;
      expect(page.socketId).toBeDefined();
      const { message: heard } = effect;
      if (heard.type === 'stream-added') {
        expect(page.streams.has(heard.stream.streamId)).toBe(false);
        page.streams.set(heard.stream.streamId, heard.stream);
      } else if (heard.type === 'stream-updated') {
        expect(page.streams.has(heard.stream.streamId)).toBe(true);
        page.streams.set(heard.stream.streamId, heard.stream);
      } else if (heard.type === 'stream-removed') {
        expect(page.streams.delete(heard.streamId)).toBe(true);
      } else if (heard.type === 'session-opened') {
        page.sessions.set(heard.session.sessionId, heard.session);
      } else if (heard.type === 'session-closed') {
        expect(page.sessions.delete(heard.sessionId)).toBe(true);
      }
    }
  }

  snapshot(): unknown {
    const streams = ['s1', 's2', 's3'].map((id) => this.registry.streamUpdate(id));
    return { counts: this.registry.counts, streams, next: this.registry.nextDeadlineMs() };
  }

  check(): void {
    const { clients, streams, sessions } = this.registry.counts;
    expect(clients).toBeLessThanOrEqual(LIMITS.maxClients);
    expect(streams).toBeLessThanOrEqual(LIMITS.maxStreams);
    const known = ['s1', 's2', 's3'].flatMap((id) => this.registry.streamUpdate(id));
    expect(known).toHaveLength(streams);
    const counted = known.map((effect) =>
      effect.kind === 'send' && effect.message.type === 'stream-updated'
        ? effect.message.stream.viewerCount
        : 0,
    );
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(sessions);
    for (const [id, page] of this.pages) {
      if (page.socketId === undefined) continue;
      const believed = sorted(page);
      expect(this.enter(id, true)).toBe(true);
      expect(believed).toEqual(sorted(page));
    }
  }
}

function sorted(page: Page): unknown {
  const byId = <T>(entries: Iterable<[string, T]>): [string, T][] =>
    [...entries].sort(([one], [other]) => one.localeCompare(other));
  return { streams: byId(page.streams), sessions: byId(page.sessions) };
}

test('what a page has heard is always what it would be told anew', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const world = new World();
      for (const step of actions) {
        world.run(step);
        world.check();
      }
    }),
    { numRuns: 300 },
  );
});

test('nothing is left once everybody is gone', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const world = new World();
      for (const step of actions) world.run(step);
      for (const index of CLIENTS.keys()) world.run({ do: 'drop', who: index, isLeaving: false });
      world.run({ do: 'wait', ms: LIMITS.resumeWindowMs });
      expect(world.registry.counts).toEqual({ clients: 0, streams: 0, sessions: 0 });
      expect(world.registry.nextDeadlineMs()).toBeUndefined();
    }),
  );
});
