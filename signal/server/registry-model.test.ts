/**
 * Random lives of phones, viewers and operators. Each keeps what it believes from its welcome and
 * from all it was sent since, as a page does; at every step that must be what the registry would
 * tell it anew, and nobody may have heard or done what is not for its role.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Role } from '../protocol/fields';
import type { ServerMessage, SessionInfo, StreamInfo } from '../protocol/messages';
import type { Command } from '../protocol/room-messages';
import { RoomBook } from './access/room-book';
import { digestText } from './access/secrets';
import type { Effect } from './effects';
import { Registry, type Admitted, type RegistryMessage } from './registry';

const LIMITS = {
  maxClients: 5,
  maxStreams: 2,
  resumeWindowMs: 1_000,
  limits: { sessionsPerClient: 9, candidatesPerSession: 9 },
};
const REQUEST_ID = 'request';

/** Who there is: by what role it comes in, and by which device. */
const CLIENTS: readonly (readonly [id: string, role: Role, deviceKey: string | undefined])[] = [
  ['p1', 'phone', 'device one'],
  ['p2', 'phone', 'device one'],
  ['p3', 'phone', undefined],
  ['v1', 'operator', 'desk'],
  ['v2', 'viewer', 'device two'],
  ['v3', 'operator', undefined],
];

/** What only some are told; everything else is for all. */
const FOR_ROLE: Partial<Record<ServerMessage['type'], Role>> = {
  'join-addresses': 'operator',
  'waiting-picture': 'operator',
  admission: 'phone',
  moderated: 'phone',
};

type Action =
  | { readonly do: 'enter'; readonly who: number; readonly withToken: boolean }
  | { readonly do: 'knock'; readonly who: number; readonly as: Role | 'nobody' }
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
  fc.constant({ type: 'lobby-picture' as const, picture: '/9j/AA==' }),
);
const clientId = fc.constantFrom(...CLIENTS.map(([id]) => id));
const role = fc.constantFrom('operator' as const, 'viewer' as const, 'phone' as const);
const target = fc.oneof(fc.record({ streamId }), fc.record({ clientId }));
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constant('rename'), streamId, label: fc.constantFrom('Roof', 'Stage') }),
  fc.record({ kind: fc.constantFrom('mute', 'stop'), streamId }),
  fc.record({ kind: fc.constantFrom('remove', 'block'), target }),
  fc.record({ kind: fc.constantFrom('admit', 'refuse'), clientId }),
  fc.record({ kind: fc.constant('set-room'), hasLobby: fc.boolean(), isLocked: fc.boolean() }),
  fc.record({ kind: fc.constant('rotate-key'), role, evict: fc.boolean() }),
  // Any that is blocked: its id is the server's own.
  fc.constant({ kind: 'unblock', deviceId: 'latest' }),
);
const who = fc.nat(CLIENTS.length - 1);
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('enter'), who, withToken: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('drop'), who, isLeaving: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.nat(1_500) }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant('say'), who, message }) },
  {
    weight: 4,
    arbitrary: fc.record({ who, command }).map(({ who: index, command: wanted }) => ({
      do: 'say' as const,
      who: index,
      message: { type: 'moderate' as const, requestId: REQUEST_ID, command: wanted },
    })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('knock'),
      who,
      as: fc.oneof(role, fc.constant('nobody' as const)),
    }),
  },
);

interface Page {
  readonly role: Role;
  readonly deviceKey: string | undefined;
  isWaiting: boolean;
  socketId: number | undefined;
  token: string | undefined;
  readonly streams: Map<string, StreamInfo>;
  readonly sessions: Map<string, SessionInfo>;
}

class World {
  readonly book = new RoomBook('keys');
  readonly registry = new Registry(LIMITS, this.book);
  readonly pages = new Map<string, Page>(
    CLIENTS.map(([id, ownRole, deviceKey]) => [
      id,
      {
        role: ownRole,
        deviceKey,
        isWaiting: false,
        socketId: undefined,
        token: undefined,
        streams: new Map(),
        sessions: new Map(),
      },
    ]),
  );
  #nowMs = 0;
  #lastSocket = 0;

  constructor(hasLobby: boolean) {
    this.book.hasLobby = hasLobby;
  }

  run(step: Action): void {
    switch (step.do) {
      case 'enter':
        this.enter(CLIENTS[step.who]![0], step.withToken);
        break;
      case 'knock':
        this.knock(CLIENTS[step.who]![0], step.as);
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

  /** Comes with the key of another link, or without any; nothing may change by that. */
  knock(id: string, as: Role | 'nobody'): void {
    const { role: ownRole } = this.pages.get(id)!;
    const isFit = as !== 'nobody' && (as === 'phone') === (ownRole === 'phone');
    if (isFit) return;
    const before = this.snapshot();
    const key = as === 'nobody' ? undefined : this.book.keys.keys[as];
    const outcome = this.hello(id, { key, resumeToken: undefined });
    expect(outcome).toMatchObject({
      ok: false,
      error: { id: as === 'nobody' ? 'key-required' : 'key-refused' },
    });
    expect(this.snapshot()).toEqual(before);
  }

  hello(
    id: string,
    shown: { readonly key: string | undefined; readonly resumeToken: string | undefined },
  ) {
    const { role: ownRole, deviceKey } = this.pages.get(id)!;
    return this.registry.hello({
      ...shown,
      socketId: (this.#lastSocket += 1),
      clientId: id,
      clientType: ownRole === 'phone' ? 'streamer' : 'viewer',
      deviceKey,
      protocolVersion: 1,
      address: '',
      epochMs: this.#epochMs,
    });
  }

  enter(id: string, withToken: boolean): boolean {
    const page = this.pages.get(id)!;
    const resumeToken = withToken ? page.token : undefined;
    const before = this.snapshot();
    const { devices, isLocked, keys } = this.book;
    const outcome = this.hello(id, { key: keys.keys[page.role], resumeToken });
    if (!outcome.ok) {
      expect(this.snapshot()).toEqual(before);
      return false;
    }
    const digest = page.deviceKey === undefined ? undefined : digestText(page.deviceKey);
    expect(devices.isBlocked(digest, this.#epochMs)).toBe(false);
    if (isLocked && !outcome.value.resumed && page.role !== 'operator') {
      expect(devices.isAdmitted(digest, page.role)).toBe(true);
    }
    this.welcome(page, this.#lastSocket, outcome.value);
    page.isWaiting = this.waiting().includes(id);
    this.registry.confirm(id);
    this.apply(outcome.value.effects);
    return true;
  }

  welcome(page: Page, socketId: number, admitted: Admitted): void {
    expect(admitted.role).toBe(page.role);
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
    const outcome = this.registry.receive(id, this.#named(said), this.#epochMs);
    if (!outcome.ok) {
      expect(this.snapshot()).toEqual(before);
      const { requestId } = outcome.error;
      expect(requestId).toBe(said.type === 'moderate' ? REQUEST_ID : undefined);
      return;
    }
    if (said.type === 'moderate') expect(page.role).toBe('operator');
    if (said.type === 'bye') page.socketId = undefined;
    // Whoever takes back its wish is told nothing: it knows.
    if (said.type === 'unpublish') page.isWaiting = this.waiting().includes(id);
    this.apply(outcome.value);
  }

  #named(said: RegistryMessage): RegistryMessage {
    if (said.type !== 'moderate' || said.command.kind !== 'unblock') return said;
    const deviceId = this.book.devices.blocked(this.#epochMs)[0]?.deviceId ?? 'none';
    return { ...said, command: { kind: 'unblock', deviceId } };
  }

  get #epochMs(): number {
    return 1_000_000 + this.#nowMs;
  }

  waiting(): string[] {
    const { people } = this.registry.roomMessages(this.#epochMs);
    expect(people.waitingCount).toBe(people.waiting.length);
    return people.waiting.map((phone) => phone.clientId);
  }

  apply(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'stream-changed') {
        for (const news of this.registry.streamUpdate(effect.streamId)) this.deliver(news);
      } else if (effect.kind === 'close') {
        const page = this.pages.get(effect.clientId)!;
        page.socketId = undefined;
        page.token = undefined;
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
      expect([heard.type, FOR_ROLE[heard.type] ?? page.role]).toEqual([heard.type, page.role]);
      if (heard.type === 'done') expect(page.role).toBe('operator');
      if (heard.type === 'admission') page.isWaiting = heard.state === 'waiting';
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

  /** Roles of who may be at the other end: an absent viewer may hold on to an id that is taken. */
  #rolesAtTheOtherEnd({ role: ownRole }: Page, sessionId: string): Role[] {
    if (ownRole !== 'phone') return ['phone'];
    const viewers = [...this.pages.values()].filter((page) => page.role !== 'phone');
    return viewers.filter((page) => page.sessions.has(sessionId)).map((page) => page.role);
  }

  snapshot(): unknown {
    const streams = ['s1', 's2', 's3'].map((id) => this.registry.streamUpdate(id));
    return {
      counts: this.registry.counts,
      streams,
      next: this.registry.nextDeadlineMs(),
      room: this.registry.roomMessages(this.#epochMs),
      saved: JSON.stringify(this.book.state),
    };
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
    const waiting = this.waiting();
    for (const [id, page] of this.pages) {
      if (page.socketId === undefined) continue;
      expect([id, page.isWaiting]).toEqual([id, waiting.includes(id)]);
      if (page.isWaiting) expect(page.streams.size).toBe(0);
      for (const { sessionId, peerRole } of page.sessions.values()) {
        expect(this.#rolesAtTheOtherEnd(page, sessionId)).toContain(peerRole);
      }
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
    fc.property(fc.boolean(), fc.array(action, { maxLength: 60 }), (hasLobby, actions) => {
      const world = new World(hasLobby);
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
    fc.property(fc.boolean(), fc.array(action, { maxLength: 60 }), (hasLobby, actions) => {
      const world = new World(hasLobby);
      for (const step of actions) world.run(step);
      for (const index of CLIENTS.keys()) world.run({ do: 'drop', who: index, isLeaving: false });
      world.run({ do: 'wait', ms: LIMITS.resumeWindowMs });
      expect(world.registry.counts).toEqual({ clients: 0, streams: 0, sessions: 0 });
      expect(world.registry.nextDeadlineMs()).toBeUndefined();
      expect(world.waiting()).toEqual([]);
      expect(world.registry.roomMessages(0).people.watcherCount).toBe(0);
    }),
  );
});
