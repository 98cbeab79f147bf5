import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakePeerConnection } from '../testing/fake-peer-connection';
import { ConnectionRecovery, type ConnectionRecoveryOptions } from './connection-recovery';

const PATIENCE_MS = 8_000;

let connection: FakePeerConnection;
let bytes: number | undefined;
let canSignal: boolean;
let repairs: string[];
let doubts: number;
let recovery: ConnectionRecovery;

function createRecovery(options: Partial<ConnectionRecoveryOptions> = {}): ConnectionRecovery {
  return new ConnectionRecovery({
    readBytesReceived: () => Promise.resolve(bytes),
    restartIce: () => repairs.push('ice'),
    rebuild: () => repairs.push('rebuild'),
    onHealthChanged: (isHealthy) => repairs.push(isHealthy ? 'healthy' : 'unhealthy'),
    canSignal: () => canSignal,
    doubtSignaling: () => {
      doubts += 1;
    },
    ...options,
  });
}

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

beforeEach(() => {
  vi.useFakeTimers();
  connection = new FakePeerConnection();
  bytes = 1_000;
  canSignal = true;
  repairs = [];
  doubts = 0;
  recovery = createRecovery();
  recovery.watch(connection);
});

afterEach(async () => {
  recovery.close();
  await pass(0);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a connection that stood', () => {
  beforeEach(() => {
    connection.reach('connected');
    repairs = [];
  });

  it('is left alone while it stands', async () => {
    await pass(600_000);
    expect(repairs).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('restarts ICE at once when it failed', () => {
    connection.reach('failed');
    expect(repairs).toEqual(['unhealthy', 'ice']);
  });

  it('restarts ICE when disconnected and silent for two seconds', async () => {
    connection.reach('disconnected');
    await pass(1_999);
    expect(repairs).toEqual([]);
    await pass(1);
    expect(repairs).toEqual(['unhealthy', 'ice']);
  });

  it('doubts signaling too as soon as it is disconnected', () => {
    expect(doubts).toBe(0);
    connection.reach('disconnected');
    expect(doubts).toBe(1);
  });

  it('does nothing while disconnected as long as bytes arrive', async () => {
    connection.reach('disconnected');
    for (let second = 0; second < 20; second += 1) {
      bytes = (bytes ?? 0) + 500;
      await pass(1_000);
    }
    expect(repairs).toEqual([]);
    await pass(2_000 + 2_000);
    expect(repairs).toEqual(['unhealthy', 'ice']);
  });

  it('takes a browser that does not count for silent', async () => {
    bytes = undefined;
    connection.reach('disconnected');
    await pass(2_000);
    expect(repairs).toEqual(['unhealthy', 'ice']);
  });

  it('forgets its doubt when the connection returns by itself', async () => {
    connection.reach('disconnected');
    await pass(1_500);
    connection.reach('connected');
    await pass(60_000);
    expect(repairs).toEqual([]);
  });

  it('restarts ICE at once where signaling returned and nothing arrives any more', async () => {
    recovery.signalingReturned();
    await pass(999);
    expect(repairs).toEqual([]);
    await pass(1);
    expect(repairs).toEqual(['ice']);
    // Nothing says that it worked; it is doubted anew all the same.
    await pass(PATIENCE_MS);
    connection.reach('failed');
    expect(repairs).toEqual(['ice', 'unhealthy', 'ice']);
  });

  it('is left alone where signaling returned and bytes arrive, or are not counted', async () => {
    recovery.signalingReturned();
    await pass(500);
    bytes = (bytes ?? 0) + 1;
    await pass(60_000);
    bytes = undefined;
    recovery.signalingReturned();
    await pass(60_000);
    expect(repairs).toEqual([]);
  });

  it('rebuilds when a restart bore no fruit, and again until one stands', async () => {
    connection.reach('failed');
    await pass(PATIENCE_MS - 1);
    expect(repairs).toEqual(['unhealthy', 'ice']);
    await pass(1);
    expect(repairs).toEqual(['unhealthy', 'ice', 'rebuild']);
    await pass(2 * PATIENCE_MS);
    expect(repairs.filter((repair) => repair === 'rebuild')).toHaveLength(3);
  });

  it('rebuilds at once when it fails again after a restart', () => {
    connection.reach('failed');
    connection.reach('connecting');
    connection.reach('failed');
    expect(repairs).toEqual(['unhealthy', 'ice', 'rebuild']);
  });

  it('begins with a restart again after it has stood again', async () => {
    connection.reach('failed');
    connection.reach('connecting');
    connection.reach('connected');
    await pass(60_000);
    connection.reach('failed');
    expect(repairs).toEqual(['unhealthy', 'ice', 'healthy', 'unhealthy', 'ice']);
  });

  it('does not hang where the other end restarts and nothing comes of it', async () => {
    connection.reach('disconnected');
    connection.reach('connecting');
    await pass(PATIENCE_MS);
    expect(repairs).toEqual(['rebuild']);
  });

  it('repairs once where the connection flickers', async () => {
    connection.reach('disconnected');
    connection.reach('connected');
    connection.reach('disconnected');
    await pass(2_000);
    expect(repairs).toEqual(['unhealthy', 'ice']);
    await pass(PATIENCE_MS - 1);
    expect(repairs).toEqual(['unhealthy', 'ice']);
  });
});

describe('a connection that never stood', () => {
  it('is rebuilt when its time is over', async () => {
    connection.reach('connecting');
    await pass(PATIENCE_MS);
    expect(repairs).toEqual(['rebuild']);
  });

  it('is asked for again where none came at all', async () => {
    const waiting = createRecovery({ patienceMs: 11_000 });
    waiting.expectConnection();
    await pass(11_000);
    // Eight seconds are over for the one that every test watches.
    expect(repairs).toEqual(['rebuild', 'rebuild']);
    waiting.close();
  });
});

describe('while signaling is down', () => {
  beforeEach(() => {
    connection.reach('connected');
    repairs = [];
    canSignal = false;
  });

  it('tries nothing, and repairs at its return', async () => {
    connection.reach('failed');
    await pass(60_000);
    expect(repairs).toEqual(['unhealthy']);
    canSignal = true;
    recovery.signalingReturned();
    expect(repairs).toEqual(['unhealthy', 'ice']);
    await pass(PATIENCE_MS);
    expect(repairs).toEqual(['unhealthy', 'ice', 'rebuild']);
  });

  it('needs no repair at its return where pictures never stopped', async () => {
    canSignal = true;
    recovery.signalingReturned();
    await pass(500);
    bytes = (bytes ?? 0) + 1;
    await pass(60_000);
    expect(repairs).toEqual([]);
  });

  it('restarts once more what was tried in vain', async () => {
    canSignal = true;
    connection.reach('failed');
    canSignal = false;
    await pass(3 * PATIENCE_MS);
    canSignal = true;
    recovery.signalingReturned();
    expect(repairs).toEqual(['unhealthy', 'ice', 'ice']);
  });
});

describe('a replaced connection', () => {
  it('is heard no more, and its successor is unproven', async () => {
    connection.reach('connected');
    const successor = new FakePeerConnection();
    recovery.watch(successor);
    expect(recovery.isHealthy).toBe(false);
    connection.reach('failed');
    successor.reach('connected');
    await pass(60_000);
    expect(repairs).toEqual(['healthy', 'unhealthy', 'healthy']);
  });

  it('does not carry its doubt over', async () => {
    connection.reach('connected');
    connection.reach('disconnected');
    const successor = new FakePeerConnection();
    recovery.watch(successor);
    successor.reach('connected');
    repairs = [];
    await pass(60_000);
    expect(repairs).toEqual([]);
  });
});

describe('closing', () => {
  it('is final, also from a listener in the middle of a repair', async () => {
    const closing = createRecovery({
      onHealthChanged: (isHealthy) => {
        if (!isHealthy) closing.close();
      },
    });
    const other = new FakePeerConnection();
    closing.watch(other);
    other.reach('connected');
    recovery.close();
    repairs = [];
    other.reach('failed');
    await pass(60_000);
    expect(repairs).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
    closing.signalingReturned();
    closing.expectConnection();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves nothing behind in the middle of a doubt', async () => {
    connection.reach('connected');
    connection.reach('disconnected');
    recovery.close();
    recovery.close();
    await pass(60_000);
    expect(vi.getTimerCount()).toBe(0);
    expect(repairs).toEqual(['healthy']);
  });
});

it('goes on repairing after a repair that threw', async () => {
  recovery.close();
  let attempts = 0;
  recovery = createRecovery({
    rebuild: () => {
      attempts += 1;
      if (attempts === 1) throw new Error('Too many connections');
    },
  });
  recovery.watch(connection);
  await expect(pass(PATIENCE_MS)).rejects.toThrow('Too many connections');
  await pass(PATIENCE_MS);
  expect(attempts).toBe(2);
});
