import { createNanoEvents } from 'nanoevents';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SignalingStatus } from '../../../signal/client/connection-machine';
import type { ClientMessageInput, ViewerMessage } from '../../../signal/protocol/messages';
import { idOf } from '../../../signal/testing/sample-messages';
import { RoomControl } from './room-control';

const stop = { kind: 'stop', streamId: idOf(7) } as const;

let events: ReturnType<
  typeof createNanoEvents<{
    message: (message: ViewerMessage) => void;
    statusChanged: (status: SignalingStatus) => void;
  }>
>;
let sent: Extract<ClientMessageInput, { type: 'moderate' }>[];
let isConnected: boolean;
let control: RoomControl;

beforeEach(() => {
  vi.useFakeTimers();
  events = createNanoEvents();
  sent = [];
  isConnected = true;
  control = new RoomControl({
    send(message) {
      if (isConnected && message.type === 'moderate') sent.push(message);
      return isConnected;
    },
    on: ((event: 'message', listener: () => void) =>
      events.on(event, listener)) as RoomControlPort['on'],
  });
});

type RoomControlPort = ConstructorParameters<typeof RoomControl>[0];

afterEach(() => {
  control.close();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('RoomControl', () => {
  it('gives each command the answer that is meant for it', async () => {
    const first = control.command(stop);
    const second = control.command({ kind: 'invite', role: 'phone', name: 'B' });
    const [one, two] = sent;
    events.emit('message', { type: 'done', requestId: idOf(99) });
    const key = 'k'.repeat(22);
    const warning = 'It could not be saved.';
    events.emit('message', { type: 'done', requestId: two!.requestId, key, warning });
    events.emit('message', {
      type: 'error',
      id: 'unknown-stream',
      message: 'This stream is gone.',
      answers: 'moderate',
      requestId: one!.requestId,
    });
    expect(await first).toEqual({ ok: false, message: 'This stream is gone.' });
    expect(await second).toEqual({ ok: true, key, warning });
  });

  it('refuses at once without a connection', async () => {
    isConnected = false;
    expect(await control.command(stop)).toMatchObject({ ok: false });
  });

  it('settles what is pending when the connection is lost, and takes no late answer', async () => {
    const result = control.command(stop);
    events.emit('statusChanged', 'reconnecting');
    events.emit('message', { type: 'done', requestId: sent[0]!.requestId });
    expect(await result).toMatchObject({ ok: false });
    expect((await result) as { message: string }).toHaveProperty(
      'message',
      expect.stringContaining('was lost'),
    );
  });

  it('does not wait for ever', async () => {
    const result = control.command(stop);
    vi.runAllTimers();
    expect(await result).toMatchObject({ ok: false });
  });

  it('settles what is pending when closed, lets go, and sends nothing more', async () => {
    const result = control.command(stop);
    control.close();
    control.close();
    expect(await result).toMatchObject({ ok: false });
    expect(Object.values(events.events).flat()).toHaveLength(0);
    expect(await control.command(stop)).toMatchObject({ ok: false });
    expect(sent).toHaveLength(1);
  });
});
