import { describe, expect, test } from 'vitest';
import type { ClientType } from '../protocol/messages';
import type { Effect } from './effects';
import { Registry, type Admitted, type RegistryMessage } from './registry';

const LIMITS = {
  maxClients: 4,
  maxStreams: 2,
  resumeWindowMs: 30_000,
  limits: { sessionsPerClient: 2, candidatesPerSession: 3 },
};
const CAPTURE = { state: 'active', hasAudio: true, microphoneMuted: false } as const;

/** Registry with sockets numbered as they come, and names in place of ids. */
class Desk {
  readonly registry: Registry;
  #lastSocket = 0;

  constructor(limits = LIMITS) {
    this.registry = new Registry(limits);
  }

  enter(clientId: string, clientType: ClientType, resumeToken?: string): Admitted {
    const outcome = this.knock(clientId, clientType, resumeToken);
    if (!outcome.ok) throw new Error(outcome.error.id);
    return outcome.value;
  }

  knock(clientId: string, clientType: ClientType, resumeToken?: string) {
    const socketId = (this.#lastSocket += 1);
    const client = { socketId, clientId, clientType, resumeToken };
    return this.registry.hello({ ...client, protocolVersion: 1, address: '', epochMs: 0 });
  }

  /** Enters and is known to have heard its welcome. */
  settle(clientId: string, clientType: ClientType): { token: string; socketId: number } {
    const { resumeToken } = this.enter(clientId, clientType);
    this.registry.confirm(clientId);
    return { token: resumeToken, socketId: this.#lastSocket };
  }

  say(clientId: string, message: RegistryMessage, epochMs = 1_000_000): readonly Effect[] {
    const outcome = this.registry.receive(clientId, message, epochMs);
    if (!outcome.ok) throw new Error(outcome.error.id);
    return outcome.value;
  }

  refusalOf(clientId: string, message: RegistryMessage): string | undefined {
    const before = JSON.stringify(this.registry.counts);
    const outcome = this.registry.receive(clientId, message, 0);
    expect(JSON.stringify(this.registry.counts)).toBe(before);
    return outcome.ok ? undefined : outcome.error.id;
  }

  publish(clientId: string, streamId: string, liveForMs = 0): readonly Effect[] {
    return this.say(clientId, publishMessage(streamId, liveForMs));
  }

  subscribe(clientId: string, streamId: string, sessionId?: string): string {
    const message = { type: 'subscribe', streamId } as const;
    const effects = this.say(
      clientId,
      sessionId === undefined ? message : { ...message, sessionId },
    );
    const opened = messagesTo(clientId, effects).find(({ type }) => type === 'session-opened');
    if (opened?.type !== 'session-opened') throw new Error('no session');
    return opened.session.sessionId;
  }
}

function publishMessage(streamId: string, liveForMs = 0) {
  return {
    type: 'publish',
    streamId,
    label: `Label of ${streamId}`,
    device: { kind: 'phone' },
    capture: CAPTURE,
    liveForMs,
  } as const;
}

function messagesTo(clientId: string, effects: readonly Effect[]) {
  return effects.flatMap((effect) =>
    effect.kind === 'send' && effect.to.includes(clientId) ? [effect.message] : [],
  );
}

function lost(desk: Desk, clientId: string, socketId: number, isLeaving = false, nowMs = 0) {
  return desk.registry.socketLost(clientId, socketId, { isLeaving, nowMs });
}

describe('hello', () => {
  test('refuses another protocol version and says which side is older', () => {
    const desk = new Desk();
    const client = { socketId: 1, clientId: 'a', clientType: 'viewer' } as const;
    const request = { ...client, address: '', epochMs: 0 };
    const older = desk.registry.hello({ ...request, protocolVersion: 0 });
    const newer = desk.registry.hello({ ...request, protocolVersion: 2 });
    expect(older).toMatchObject({ ok: false, error: { close: 'unsupportedVersion' } });
    expect(!older.ok && older.error.message).toContain('page is older');
    expect(!newer.ok && newer.error.message).toContain('server is older');
    expect(desk.registry.counts.clients).toBe(0);
  });

  test('gives a fresh token at each welcome and resumes only with the last one', () => {
    const desk = new Desk();
    const { token } = desk.settle('a', 'viewer');
    const second = desk.enter('a', 'viewer', token);
    desk.registry.confirm('a');
    expect(second.resumed).toBe(true);
    expect(second.resumeToken).not.toBe(token);
    expect(second.resumeToken.length).toBeGreaterThanOrEqual(22);
    expect(desk.knock('a', 'viewer', token)).toMatchObject({ error: { id: 'id-in-use' } });
    expect(desk.enter('a', 'viewer', second.resumeToken).resumed).toBe(true);
  });

  test('refuses an id in use, connected or within its window', () => {
    const desk = new Desk();
    const { token, socketId } = desk.settle('a', 'streamer');
    const refusal = { ok: false, error: { id: 'id-in-use', close: 'idInUse' } };
    expect(desk.knock('a', 'streamer')).toMatchObject(refusal);
    lost(desk, 'a', socketId);
    expect(desk.knock('a', 'streamer')).toMatchObject(refusal);
    expect(desk.knock('a', 'streamer', 'x'.repeat(32))).toMatchObject(refusal);
    expect(desk.knock('a', 'viewer', token)).toMatchObject(refusal);
    expect(desk.knock('a', 'streamer', token)).toMatchObject({ ok: true });
  });

  test('answers a hello again while its welcome may have been lost', () => {
    const desk = new Desk();
    const first = desk.enter('a', 'streamer');
    const again = desk.enter('a', 'streamer');
    expect(again).toMatchObject({ resumed: false, supersededSocketId: 1 });
    desk.registry.confirm('a');
    const resumed = desk.enter('a', 'streamer', again.resumeToken);
    // That welcome is lost too: the client still holds the token before it.
    const repeated = desk.enter('a', 'streamer', again.resumeToken);
    expect(repeated.resumed).toBe(true);
    expect(desk.knock('a', 'streamer', first.resumeToken).ok).toBe(false);
    expect(desk.knock('a', 'streamer', resumed.resumeToken).ok).toBe(false);
  });

  test('starts afresh with a token from a former life', () => {
    expect(new Desk().enter('a', 'viewer', 'y'.repeat(32)).resumed).toBe(false);
  });

  test('names the socket that a takeover supersedes, whose loss then means nothing', () => {
    const desk = new Desk();
    const { token, socketId } = desk.settle('a', 'streamer');
    desk.publish('a', 's');
    expect(desk.enter('a', 'streamer', token).supersededSocketId).toBe(socketId);
    expect(lost(desk, 'a', socketId)).toEqual([]);
    expect(desk.registry.nextDeadlineMs()).toBeUndefined();
  });

  test('counts those within their window as clients, and is full at the limit', () => {
    const desk = new Desk();
    const { socketId, token } = desk.settle('a', 'viewer');
    for (const id of ['b', 'c', 'd']) desk.settle(id, 'viewer');
    lost(desk, 'a', socketId);
    expect(desk.knock('e', 'viewer')).toMatchObject({
      error: { id: 'server-full', close: 'serverFull' },
    });
    expect(desk.enter('a', 'viewer', token).resumed).toBe(true);
  });

  test('tells viewers all streams and streamers only their own', () => {
    const desk = new Desk();
    const phone = desk.settle('phone', 'streamer');
    const other = desk.settle('other', 'streamer');
    desk.publish('phone', 's1');
    desk.publish('other', 's2');
    expect(desk.enter('wall', 'viewer').streams.map((s) => s.streamId)).toEqual(['s1', 's2']);
    const back = desk.enter('phone', 'streamer', phone.token);
    expect(back.streams.map((s) => s.streamId)).toEqual(['s1']);
    expect(desk.enter('other', 'streamer', other.token).streams).toHaveLength(1);
  });
});

describe('publish', () => {
  test('announces a stream to every viewer and its publisher, with its age', () => {
    const desk = new Desk();
    desk.settle('wall', 'viewer');
    desk.settle('phone', 'streamer');
    desk.settle('other', 'streamer');
    const effects = desk.publish('phone', 's', 60_000);
    const added = { type: 'stream-added', stream: { streamId: 's', startedAt: 940_000 } };
    expect(messagesTo('wall', effects)).toMatchObject([added]);
    expect(messagesTo('phone', effects)).toMatchObject([added]);
    expect(messagesTo('other', effects)).toEqual([]);
  });

  test('believes at most seven days of age', () => {
    const desk = new Desk();
    desk.settle('phone', 'streamer');
    const [effect] = desk.publish('phone', 's', 1e15);
    const week = 7 * 24 * 3600 * 1000;
    expect(effect).toMatchObject({ message: { stream: { startedAt: 1_000_000 - week } } });
  });

  test('is an update when repeated, and repeats the open sessions to its publisher', () => {
    const desk = new Desk();
    desk.settle('wall', 'viewer');
    desk.settle('phone', 'streamer');
    desk.publish('phone', 's', 5_000);
    const sessionId = desk.subscribe('wall', 's');
    const effects = desk.say('phone', { ...publishMessage('s'), label: 'Renamed' }, 9_000_000);
    expect(effects).toContainEqual({ kind: 'stream-changed', streamId: 's' });
    expect(messagesTo('phone', effects)).toEqual([
      {
        type: 'session-opened',
        session: { sessionId, streamId: 's', role: 'publisher', peerRole: 'operator' },
      },
    ]);
    expect(messagesTo('wall', effects)).toEqual([]);
    expect(desk.registry.streamUpdate('s')).toMatchObject([
      { message: { stream: { label: 'Renamed', startedAt: 995_000, viewerCount: 1 } } },
    ]);
  });

  test('is refused to viewers, for a second stream, a foreign id, and beyond the limit', () => {
    const desk = new Desk();
    for (const id of ['p1', 'p2', 'p3']) desk.settle(id, 'streamer');
    desk.settle('wall', 'viewer');
    desk.publish('p1', 's1');
    expect(desk.refusalOf('wall', publishMessage('s9'))).toBe('not-allowed');
    expect(desk.refusalOf('p1', publishMessage('s9'))).toBe('already-publishing');
    expect(desk.refusalOf('p2', publishMessage('s1'))).toBe('stream-id-taken');
    desk.publish('p2', 's2');
    expect(desk.refusalOf('p3', publishMessage('s3'))).toBe('too-many-streams');
  });

  test('may be followed by another stream once the first has stopped', () => {
    const desk = new Desk();
    desk.settle('p', 'streamer');
    desk.publish('p', 's1');
    desk.say('p', { type: 'unpublish', streamId: 's1' });
    desk.publish('p', 's2');
    expect(desk.registry.counts.streams).toBe(1);
  });
});

describe('update and unpublish', () => {
  test('change only what is named', () => {
    const desk = new Desk();
    desk.settle('p', 'streamer');
    desk.publish('p', 's');
    desk.say('p', {
      type: 'update-stream',
      streamId: 's',
      capture: { ...CAPTURE, state: 'hidden' },
    });
    expect(desk.registry.streamUpdate('s')).toMatchObject([
      { message: { stream: { label: 'Label of s', capture: { state: 'hidden' } } } },
    ]);
  });

  test('are for the publisher only', () => {
    const desk = new Desk();
    desk.settle('p', 'streamer');
    desk.settle('q', 'streamer');
    desk.publish('p', 's');
    expect(desk.refusalOf('q', { type: 'update-stream', streamId: 's' })).toBe('not-allowed');
    expect(desk.refusalOf('q', { type: 'unpublish', streamId: 's' })).toBe('not-allowed');
    expect(desk.refusalOf('p', { type: 'update-stream', streamId: 'x' })).toBe('unknown-stream');
    expect(desk.refusalOf('p', { type: 'unpublish', streamId: 'x' })).toBe('unknown-stream');
  });

  test('unpublish closes the sessions at both ends and takes the stream off', () => {
    const desk = new Desk();
    desk.settle('p', 'streamer');
    desk.settle('v', 'viewer');
    desk.publish('p', 's');
    const sessionId = desk.subscribe('v', 's');
    const effects = desk.say('p', { type: 'unpublish', streamId: 's' });
    const expected = [
      { type: 'session-closed', sessionId, reason: 'stream-ended' },
      { type: 'stream-removed', streamId: 's', reason: 'stopped' },
    ];
    expect(messagesTo('v', effects)).toEqual(expected);
    expect(messagesTo('p', effects)).toEqual(expected);
    expect(desk.registry.counts).toMatchObject({ streams: 0, sessions: 0 });
    expect(desk.registry.streamUpdate('s')).toEqual([]);
  });
});

describe('subscribe', () => {
  function watching(): Desk {
    const desk = new Desk();
    desk.settle('p', 'streamer');
    desk.settle('v', 'viewer');
    desk.settle('w', 'viewer');
    desk.publish('p', 's');
    return desk;
  }

  test('opens a session at both ends and counts it', () => {
    const desk = watching();
    const effects = desk.say('v', { type: 'subscribe', streamId: 's' });
    expect(messagesTo('v', effects)).toMatchObject([{ session: { role: 'subscriber' } }]);
    expect(messagesTo('p', effects)).toMatchObject([{ session: { role: 'publisher' } }]);
    desk.subscribe('w', 's');
    expect(desk.registry.streamUpdate('s')).toMatchObject([
      { to: ['v', 'w', 'p'], message: { stream: { viewerCount: 2 } } },
    ]);
  });

  test('grants a claimed session id unless somebody has it', () => {
    const desk = watching();
    expect(desk.subscribe('v', 's', 'mine')).toBe('mine');
    expect(desk.subscribe('w', 's', 'mine')).not.toBe('mine');
  });

  test('is repeated for the same session and refused for another', () => {
    const desk = watching();
    const sessionId = desk.subscribe('v', 's');
    expect(desk.subscribe('v', 's', sessionId)).toBe(sessionId);
    expect(desk.subscribe('v', 's')).toBe(sessionId);
    const other = { type: 'subscribe', streamId: 's', sessionId: 'other' } as const;
    expect(desk.refusalOf('v', other)).toBe('already-subscribed');
    expect(desk.registry.counts.sessions).toBe(1);
  });

  test('is refused to streamers and for unknown streams', () => {
    const desk = watching();
    expect(desk.refusalOf('p', { type: 'subscribe', streamId: 's' })).toBe('not-allowed');
    expect(desk.refusalOf('v', { type: 'subscribe', streamId: 'x' })).toBe('unknown-stream');
  });

  test('ends by unsubscribe, which only its viewer may say', () => {
    const desk = watching();
    const sessionId = desk.subscribe('v', 's');
    expect(desk.refusalOf('w', { type: 'unsubscribe', sessionId })).toBe('unknown-session');
    expect(desk.refusalOf('p', { type: 'unsubscribe', sessionId })).toBe('unknown-session');
    const effects = desk.say('v', { type: 'unsubscribe', sessionId });
    const closed = { type: 'session-closed', sessionId, reason: 'unsubscribed' };
    expect(messagesTo('p', effects)).toEqual([closed]);
    expect(messagesTo('v', effects)).toEqual([closed]);
    expect(effects).toContainEqual({ kind: 'stream-changed', streamId: 's' });
  });

  test('lets signals pass between its two ends and nobody else', () => {
    const desk = watching();
    const sessionId = desk.subscribe('v', 's');
    const signal = {
      type: 'signal',
      sessionId,
      payload: { kind: 'end-of-candidates' },
    } as const;
    expect(desk.say('v', signal)).toEqual([{ kind: 'forward', to: 'p' }]);
    expect(desk.say('p', signal)).toEqual([{ kind: 'forward', to: 'v' }]);
    expect(desk.refusalOf('w', signal)).toBe('unknown-session');
    expect(desk.refusalOf('v', { ...signal, sessionId: 'x' })).toBe('unknown-session');
  });
});

describe('limits', () => {
  test('of sessions hold for a viewer and for a phone', () => {
    const desk = new Desk({ ...LIMITS, maxClients: 9, maxStreams: 9 });
    for (const id of ['p1', 'p2', 'p3']) {
      desk.settle(id, 'streamer');
      desk.publish(id, `of-${id}`);
    }
    for (const id of ['v1', 'v2', 'v3']) desk.settle(id, 'viewer');
    const first = desk.subscribe('v1', 'of-p1');
    desk.subscribe('v1', 'of-p2');
    const ask = (streamId: string) => ({ type: 'subscribe', streamId }) as const;
    expect(desk.refusalOf('v1', ask('of-p3'))).toBe('too-many-sessions');
    expect(desk.subscribe('v1', 'of-p1')).toBe(first);
    desk.subscribe('v2', 'of-p1');
    expect(desk.refusalOf('v3', ask('of-p1'))).toBe('too-many-sessions');
    desk.say('v1', { type: 'unsubscribe', sessionId: first });
    desk.subscribe('v1', 'of-p3');
    desk.subscribe('v3', 'of-p1');
  });

  test('of candidates hold for each end until its next description', () => {
    const desk = new Desk();
    desk.settle('p', 'streamer');
    desk.settle('v', 'viewer');
    desk.publish('p', 's');
    const sessionId = desk.subscribe('v', 's');
    const candidate = { candidate: 'c', sdpMid: '0', sdpMLineIndex: 0 };
    const trickled = {
      type: 'signal',
      sessionId,
      payload: { kind: 'candidate', candidate },
    } as const;
    for (let count = 0; count < 3; count += 1) desk.say('p', trickled);
    expect(desk.refusalOf('p', trickled)).toBe('too-many-candidates');
    desk.say('p', { type: 'signal', sessionId, payload: { kind: 'end-of-candidates' } });
    expect(desk.say('v', trickled)).toEqual([{ kind: 'forward', to: 'p' }]);
    const description = { type: 'offer', sdp: '', negotiation: 2 } as const;
    desk.say('p', { type: 'signal', sessionId, payload: { kind: 'description', description } });
    expect(desk.say('p', trickled)).toEqual([{ kind: 'forward', to: 'v' }]);
  });
});

describe('loss and return', () => {
  function live() {
    const desk = new Desk();
    const phone = desk.settle('p', 'streamer');
    const wall = desk.settle('v', 'viewer');
    desk.publish('p', 's');
    return { desk, phone, wall, sessionId: desk.subscribe('v', 's') };
  }

  test('a lost phone is reconnecting, returns, and finds its session', () => {
    const { desk, phone, sessionId } = live();
    expect(lost(desk, 'p', phone.socketId, true)).toEqual([
      { kind: 'stream-changed', streamId: 's' },
    ]);
    expect(desk.registry.streamUpdate('s')).toMatchObject([
      { to: ['v'], message: { stream: { connection: 'reconnecting', viewerCount: 1 } } },
    ]);
    const signal = { type: 'signal', sessionId, payload: { kind: 'end-of-candidates' } } as const;
    expect(desk.say('v', signal)).toEqual([]);
    const back = desk.enter('p', 'streamer', phone.token);
    expect(back).toMatchObject({
      resumed: true,
      streams: [{ streamId: 's', connection: 'connected' }],
      sessions: [{ sessionId, role: 'publisher', peerRole: 'operator' }],
      effects: [{ kind: 'stream-changed', streamId: 's' }],
    });
  });

  test('a lost phone whose window runs out leaves as lost', () => {
    const { desk, phone, sessionId } = live();
    lost(desk, 'p', phone.socketId, false, 1_000);
    expect(desk.registry.nextDeadlineMs()).toBe(31_000);
    expect(desk.registry.expire(30_999)).toEqual([]);
    expect(messagesTo('v', desk.registry.expire(31_000))).toEqual([
      { type: 'session-closed', sessionId, reason: 'stream-ended' },
      { type: 'stream-removed', streamId: 's', reason: 'lost' },
    ]);
    expect(desk.registry.counts).toEqual({ clients: 1, streams: 0, sessions: 0 });
    expect(desk.enter('p', 'streamer', phone.token).resumed).toBe(false);
  });

  test('a phone that says bye leaves at once', () => {
    const { desk } = live();
    const effects = desk.say('p', { type: 'bye' });
    expect(messagesTo('v', effects)).toMatchObject([
      { type: 'session-closed', reason: 'stream-ended' },
      { type: 'stream-removed', reason: 'left' },
    ]);
    expect(messagesTo('p', effects)).toEqual([]);
    expect(desk.refusalOf('p', { type: 'bye' })).toBe('hello-required');
  });

  test('a viewer that closes its page leaves at once, one that is lost keeps its session', () => {
    const leaving = live();
    const effects = lost(leaving.desk, 'v', leaving.wall.socketId, true);
    expect(messagesTo('p', effects)).toEqual([
      { type: 'session-closed', sessionId: leaving.sessionId, reason: 'viewer-left' },
    ]);
    expect(leaving.desk.registry.counts).toMatchObject({ clients: 1, sessions: 0 });

    const dropped = live();
    expect(lost(dropped.desk, 'v', dropped.wall.socketId, false)).toEqual([]);
    expect(dropped.desk.enter('v', 'viewer', dropped.wall.token)).toMatchObject({
      resumed: true,
      sessions: [
        { sessionId: dropped.sessionId, streamId: 's', role: 'subscriber', peerRole: 'phone' },
      ],
    });
  });

  test('a viewer may subscribe to a phone that is away, which learns of it on its return', () => {
    const { desk, phone } = live();
    lost(desk, 'p', phone.socketId);
    desk.settle('w', 'viewer');
    const sessionId = desk.subscribe('w', 's');
    const sessions = desk.enter('p', 'streamer', phone.token).sessions;
    expect(sessions.map((session) => session.sessionId)).toContain(sessionId);
  });
});
