import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ViewerMessage } from '../../../signal/protocol/messages';
import type { ServerState } from '../../bridge/contract';
import { FakeLink } from '../testing/fake-link';
import { FakeSubscriber, streamInfo } from '../testing/fake-streams';
import { LinkAhead, PATIENCE_MS } from './link-ahead';

const ORIGIN = 'ws://127.0.0.1:1';
const READY: ServerState = { state: 'ready', kind: 'remote', origin: ORIGIN, key: 'abc' };

let links: FakeLink[];
let tell: (state: ServerState) => void;
let unwatch: ReturnType<typeof vi.fn<() => void>>;
let ahead: LinkAhead<FakeLink>;
let isSettled: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  links = [];
  unwatch = vi.fn<() => void>();
  ahead = new LinkAhead({
    host: {
      watchServer(listener) {
        tell = listener;
        return unwatch;
      },
    },
    openLink(origin, key) {
      const link = new FakeLink(origin, key);
      links.push(link);
      return link;
    },
  });
  isSettled = false;
  void ahead.settled.then(() => (isSettled = true));
});

afterEach(() => {
  ahead.close();
  ahead.close();
  expect(unwatch).toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** Lets promises that are settled by now be seen. */
const settledNow = async (): Promise<boolean> => {
  await vi.advanceTimersByTimeAsync(0);
  return isSettled;
};

describe('LinkAhead', () => {
  it('connects as soon as the host names a server, and hands the link over once', () => {
    tell({ state: 'starting', kind: 'embedded' });
    expect(links).toHaveLength(0);
    tell(READY);
    tell(READY);
    expect(links).toHaveLength(1);
    expect(links[0]).toMatchObject({ origin: ORIGIN, key: 'abc' });
    expect(links[0]?.connect).toHaveBeenCalledOnce();
    expect(ahead.take(ORIGIN, 'abc')?.signaling).toBe(links[0]?.signaling);
    expect(ahead.take(ORIGIN, 'abc')).toBeUndefined();
    ahead.close();
    expect(links[0]?.close).not.toHaveBeenCalled();
    expect(Object.values(links[0]!.events.events).flat()).toHaveLength(0);
    expect(links[0]?.streams.listenerCount).toBe(0);
  });

  it('keeps what the server says until then', () => {
    tell(READY);
    const message: ViewerMessage = { type: 'join-addresses', joinAddresses: [] };
    links[0]!.welcome();
    links[0]!.events.emit('message', message);
    expect(ahead.take(ORIGIN, undefined)?.heard).toEqual([message]);
  });

  it.each([
    ['another server', 'ws://127.0.0.1:2', 'abc'],
    ['another key', ORIGIN, 'xyz'],
  ])('gives no link for %s, and closes the one it has', (_what, origin, key) => {
    tell(READY);
    expect(ahead.take(origin, key)).toBeUndefined();
    expect(links[0]?.close).toHaveBeenCalledOnce();
  });

  it('opens nothing once it is over', () => {
    ahead.close();
    tell(READY);
    expect(links).toHaveLength(0);
  });
});

describe('LinkAhead.settled', () => {
  const withStream = (): FakeSubscriber => {
    tell(READY);
    links[0]!.welcome({ streams: [streamInfo(1)] });
    const subscriber = new FakeSubscriber();
    links[0]!.streams.put(streamInfo(1));
    links[0]!.streams.put(streamInfo(1), subscriber);
    return subscriber;
  };

  it('waits for the first picture to connect', async () => {
    const subscriber = withStream();
    expect(await settledNow()).toBe(false);
    subscriber.setState('connected');
    expect(await settledNow()).toBe(true);
    ahead.close();
    expect(subscriber.listenerCount).toBe(0);
  });

  it('waits for no picture where there is none', async () => {
    tell(READY);
    links[0]!.welcome({ streams: [] });
    expect(await settledNow()).toBe(true);
  });

  it('waits no longer once the server refuses', async () => {
    tell(READY);
    links[0]!.setStatus('failed');
    expect(await settledNow()).toBe(true);
  });

  it('waits no longer than nobody notices', async () => {
    withStream();
    await vi.advanceTimersByTimeAsync(PATIENCE_MS);
    expect(isSettled).toBe(true);
  });
});
