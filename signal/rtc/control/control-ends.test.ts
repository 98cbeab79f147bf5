/** Both ends of control, joined by a channel without a network. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Viewport } from '../../protocol/control';
import type { AppliedQuality } from '../../protocol/control-reports';
import { MAX_CONTROL_LENGTH, MAX_CONTROL_PER_SECOND } from '../../protocol/control-limits';
import type { Role } from '../../protocol/fields';
import { fail, ok } from '../../protocol/result';
import { FakeControlPort } from '../../testing/fake-control-port';
import { FakeDataChannel } from '../../testing/fake-data-channel';
import { idOf } from '../../testing/sample-messages';
import type { ControlledLink } from './controlled-link';
import { PhoneControl } from './phone-control';
import { ViewerControl } from './viewer-control';

const TILE: Viewport = { width: 640, height: 360, isVisible: true };

let port: FakeControlPort;
let phone: PhoneControl;
let viewer: ViewerControl;
let role: Role;
let parameters: RTCRtpSendParameters;
let report: Map<string, object>;
let connection: FakeConnection;
let troubles: unknown[];
let phoneEnd: FakeDataChannel;
let viewerEnd: FakeDataChannel;

class FakeConnection extends EventTarget {
  connectionState: RTCPeerConnectionState = 'connected';

  getStats(): Promise<RTCStatsReport> {
    return Promise.resolve(report);
  }
}

function linkOf(channel: FakeDataChannel): ControlledLink {
  return {
    connection,
    channel,
    video: {
      sender: {
        getParameters: () => structuredClone(parameters),
        setParameters: (changed) => {
          parameters = changed;
          return Promise.resolve();
        },
      },
    },
    stopHolding: () => undefined,
    settings: {
      maxBitrateBps: 2_500_000,
      maxFramerate: 30,
      degradationPreference: 'maintain-framerate',
    },
    peerRole: () => role,
    tracks: { video: undefined },
    onTrouble: (trouble) => troubles.push(trouble),
  };
}

function join(): void {
  phoneEnd = new FakeDataChannel();
  viewerEnd = new FakeDataChannel();
  viewer.attach(viewerEnd);
  phone.attach(linkOf(phoneEnd));
  phoneEnd.join(viewerEnd);
}

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

function captureOf(width: number, height: number): void {
  report = new Map([['S', { id: 'S', type: 'media-source', kind: 'video', width, height }]]);
}

beforeEach(() => {
  vi.useFakeTimers();
  port = new FakeControlPort();
  phone = new PhoneControl(port);
  viewer = new ViewerControl();
  role = 'operator';
  parameters = {
    transactionId: '1',
    codecs: [],
    headerExtensions: [],
    rtcp: {},
    encodings: [{ active: true }],
  };
  captureOf(1280, 720);
  connection = new FakeConnection();
  troubles = [];
});

afterEach(() => {
  viewer.close();
  phone.close();
  expect(port.listenerCount).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a phone that listens', () => {
  it('says so as well where the channel was open before its part was loaded', async () => {
    phoneEnd = new FakeDataChannel();
    viewerEnd = new FakeDataChannel();
    viewer.attach(viewerEnd);
    phoneEnd.join(viewerEnd);
    await pass(0);
    phone.attach(linkOf(phoneEnd));
    await pass(0);
    expect(viewer.state).toBe('ready');
  });

  it('says so first, with what there is to control', async () => {
    const states: string[] = [];
    viewer.on('controlStateChanged', (state) => states.push(state));
    join();
    expect(viewer.state).toBe('absent');
    await pass(0);
    expect(states).toEqual(['ready']);
    expect(viewer.camera).toMatchObject({ isControlAllowed: true, deviceId: 'back' });
    expect(viewer.camera?.cameras).toHaveLength(2);
  });

  it('tells again what changed, and nothing else', async () => {
    join();
    await pass(0);
    port.change();
    expect(phoneEnd.sentOf('camera')).toHaveLength(1);
    port.facts = { ...port.facts, isTorchOn: true };
    port.isControlAllowed = false;
    port.change();
    await pass(0);
    expect(viewer.camera).toMatchObject({ isControlAllowed: false, isTorchOn: true });
    port.facts = { ...port.facts, isTorchOn: false };
    await pass(1_000);
    expect(viewer.camera?.isTorchOn).toBe(false);
  });

  it('tells viewers who are no operators nothing of its cameras', async () => {
    role = 'viewer';
    join();
    await pass(0);
    expect(viewer.state).toBe('ready');
    expect(viewer.camera).toEqual({ type: 'camera', isControlAllowed: false, cameras: [] });
  });

  it('tells once a second what it sends', async () => {
    const encoder = 'x'.repeat(200);
    report.set('O', {
      id: 'O',
      type: 'outbound-rtp',
      kind: 'video',
      frameWidth: 640,
      encoderImplementation: encoder,
      qualityLimitationReason: 'moon',
    });
    join();
    await pass(2_000);
    expect(phoneEnd.sentOf('telemetry')).toHaveLength(2);
    expect(viewer.telemetry).toMatchObject({
      sending: { width: 640, captureWidth: 1280, encoderImplementation: encoder.slice(0, 80) },
      phone: { batteryLevel: 0.5 },
    });
    expect(viewer.telemetry?.sending).not.toHaveProperty('qualityLimitationReason');
  });
});

describe('quality', () => {
  it('follows the tile, and what was applied is told', async () => {
    const applied: AppliedQuality[] = [];
    viewer.on('qualityApplied', (one) => applied.push(one));
    join();
    await pass(0);
    viewer.setViewport({ ...TILE, width: 1000 });
    viewer.setViewport(TILE);
    await pass(99);
    expect(viewerEnd.sentOf('viewport')).toEqual([]);
    await pass(1);
    expect(viewerEnd.sentOf('viewport')).toEqual([{ type: 'viewport', viewport: TILE }]);
    expect(parameters.encodings[0]?.scaleResolutionDownBy).toBeCloseTo(2);
    expect(applied[0]?.actual).toEqual(applied[0]?.requested);
    viewer.setViewport(TILE);
    await pass(1_000);
    expect(viewerEnd.sentOf('viewport')).toHaveLength(1);
    expect(parameters.degradationPreference).toBe('maintain-framerate');
    viewer.setViewport({ ...TILE, width: 1280, height: 720 });
    await pass(100);
    expect(parameters.encodings[0]?.scaleResolutionDownBy).toBe(1);
    expect(parameters.degradationPreference).toBe('maintain-resolution');
    await pass(1_000);
    expect(parameters.degradationPreference).toBe('maintain-framerate');
  });

  it('tells what is in force also where the tile shows all of it from the start', async () => {
    const applied: AppliedQuality[] = [];
    viewer.on('qualityApplied', (one) => applied.push(one));
    join();
    viewer.setViewport({ ...TILE, width: 1280, height: 720 });
    await pass(3_000);
    expect(applied).toHaveLength(1);
    expect(applied[0]?.actual).toMatchObject({
      scaleResolutionDownBy: 1,
      maxBitrateBps: 2_500_000,
    });
  });

  it('gives back the size that an encoder took on a free network', async () => {
    join();
    viewer.setViewport({ ...TILE, width: 1280, height: 720 });
    await pass(3_000);
    const source = { id: 'S', type: 'media-source', kind: 'video', width: 1280, height: 720 };
    // Its rate is the browser's own figure, as no frames are counted here.
    const sent = {
      id: 'O',
      type: 'outbound-rtp',
      kind: 'video',
      mediaSourceId: 'S',
      frameWidth: 640,
      frameHeight: 360,
      framesPerSecond: 30,
      targetBitrate: 2_500_000,
      qualityLimitationReason: 'bandwidth',
    };
    report = new Map(Object.entries({ S: source, O: sent }));
    await pass(4_500);
    expect(parameters.degradationPreference).toBe('maintain-framerate');
    await pass(1_000);
    expect(parameters.degradationPreference).toBe('maintain-resolution');
    await pass(3_000);
    expect(parameters.degradationPreference).toBe('maintain-framerate');
  });

  it('changes nothing until the viewer has told something', async () => {
    join();
    await pass(5_000);
    expect(parameters.encodings).toEqual([{ active: true }]);
  });

  it('lets go of the size a moment after connecting, also where that comes late', async () => {
    connection.connectionState = 'connecting';
    join();
    await pass(5_000);
    expect(parameters.degradationPreference).toBeUndefined();
    connection.connectionState = 'connected';
    connection.dispatchEvent(new Event('connectionstatechange'));
    await pass(999);
    expect(parameters.degradationPreference).toBeUndefined();
    await pass(1);
    expect(parameters.degradationPreference).toBe('maintain-framerate');
  });

  it('heeds a camera of another shape, by its pictures', async () => {
    join();
    viewer.setViewport({ width: 360, height: 360, isVisible: true });
    await pass(1_100);
    expect(parameters.encodings[0]?.scaleResolutionDownBy).toBeCloseTo(1280 / 360, 0);
    captureOf(640, 640);
    await pass(2_000);
    expect(parameters.encodings[0]?.scaleResolutionDownBy).toBeCloseTo(640 / 360, 0);
  });

  it('is wished for again on each new connection', async () => {
    viewer.setQuality({ wish: { kind: 'preset', preset: 'sharp' }, isPinned: false });
    viewer.setViewport(TILE);
    for (let round = 0; round < 2; round += 1) {
      join();
      await pass(100);
      expect(viewerEnd.sent.map(({ type }) => type)).toEqual(['quality', 'viewport']);
    }
    await pass(2_000);
    expect(parameters.degradationPreference).toBe('maintain-resolution');
  });

  it('goes to its own log where the sender refuses everything', async () => {
    const link = linkOf(new FakeDataChannel());
    const error = new DOMException('Closed', 'InvalidStateError');
    phoneEnd = new FakeDataChannel();
    viewerEnd = new FakeDataChannel();
    viewer.attach(viewerEnd);
    phone.attach({
      ...link,
      channel: phoneEnd,
      video: {
        sender: {
          getParameters: () => parameters,
          setParameters: () => Promise.reject(error),
        },
      },
    });
    phoneEnd.join(viewerEnd);
    viewer.setViewport(TILE);
    await pass(100);
    expect(troubles).toEqual([{ during: 'parameters', error }]);
  });
});

describe('a command', () => {
  it('is done, or says why not', async () => {
    join();
    await pass(0);
    const done = viewer.command({ kind: 'torch', isOn: true });
    await pass(0);
    expect(await done).toEqual({ ok: true, value: undefined });
    expect(port.commands).toEqual([{ kind: 'torch', isOn: true }]);
    const sentence = 'This camera has no torch.';
    port.outcome = () => Promise.resolve(fail({ reason: 'not-supported', sentence }));
    const refused = viewer.command({ kind: 'locate' });
    await pass(0);
    expect(await refused).toEqual({ ok: false, error: { reason: 'not-supported', sentence } });
  });

  it('that is done has told before how the camera stands now', async () => {
    join();
    await pass(0);
    port.outcome = () => {
      port.facts = { ...port.facts, isTorchOn: true };
      return Promise.resolve(ok(undefined));
    };
    const told = viewer.command({ kind: 'torch', isOn: true }).then(() => viewer.camera?.isTorchOn);
    await pass(0);
    expect(await told).toBe(true);
  });

  it.each([
    ['viewer', true, 'not-allowed'],
    ['phone', true, 'not-allowed'],
    ['operator', false, 'refused-by-phone'],
  ] as const)('of a %s, control allowed: %s, is %s', async (who, isAllowed, reason) => {
    role = who;
    port.isControlAllowed = isAllowed;
    join();
    await pass(0);
    const refused = viewer.command({ kind: 'locate' });
    await pass(0);
    expect(await refused).toEqual({ ok: false, error: { reason } });
    expect(port.commands).toEqual([]);
  });

  it('is judged by the role of now', async () => {
    join();
    await pass(0);
    role = 'viewer';
    const refused = viewer.command({ kind: 'locate' });
    await pass(0);
    expect(await refused).toMatchObject({ error: { reason: 'not-allowed' } });
  });

  it('that takes long is answered in time all the same, and once', async () => {
    port.outcome = () => new Promise(() => undefined);
    join();
    await pass(0);
    const slow = viewer.command({ kind: 'switch-camera' });
    await pass(1_999);
    expect(await slow).toEqual({ ok: false, error: { reason: 'unfinished' } });
    expect(phoneEnd.sentOf('command-result')).toHaveLength(1);
  });

  it('to a phone that says nothing gets no answer', async () => {
    join();
    await pass(0);
    phoneEnd.send = () => undefined;
    const unheard = viewer.command({ kind: 'locate' });
    await pass(2_000);
    expect(await unheard).toEqual({ ok: false, error: { reason: 'no-answer' } });
  });

  it('without a connection, or over one that breaks, is settled at once', async () => {
    const notConnected = { ok: false, error: { reason: 'not-connected' } };
    expect(await viewer.command({ kind: 'locate' })).toEqual(notConnected);
    join();
    await pass(0);
    const broken = viewer.command({ kind: 'locate' });
    phoneEnd.close();
    expect(await broken).toEqual(notConnected);
    expect(viewer.state).toBe('absent');
    expect(viewer.camera).toBeUndefined();
  });

  it('is refused where too many are open, and one that is repeated is one', async () => {
    port.outcome = () => new Promise(() => undefined);
    join();
    await pass(0);
    for (let number = 0; number < 9; number += 1) void viewer.command({ kind: 'locate' });
    await pass(0);
    expect(phoneEnd.sentOf('command-result')).toMatchObject([{ reason: 'busy' }]);
    const requestId = idOf(1);
    port.commands.length = 0;
    phone.close();
    phone = new PhoneControl(port);
    join();
    for (let number = 0; number < 2; number += 1) {
      phoneEnd.receive({ type: 'command', requestId, command: { kind: 'locate' } });
    }
    expect(port.commands).toHaveLength(1);
  });
});

it("reads the phone's clock", async () => {
  const readings: unknown[] = [];
  viewer.on('clockPong', (reading) => readings.push(reading));
  expect(viewer.pingClock()).toBe(false);
  join();
  await pass(0);
  expect(viewer.pingClock()).toBe(true);
  await pass(0);
  expect(readings).toEqual([
    expect.objectContaining({
      sentAt: expect.any(Number) as number,
      receivedAt: expect.any(Number) as number,
      repliedAt: expect.any(Number) as number,
      arrivedAt: expect.any(Number) as number,
    }),
  ]);
});

describe('the other end may be anybody', () => {
  it('what a phone says wrongly is dropped and counted', async () => {
    join();
    await pass(0);
    const { telemetry } = viewer;
    for (const lie of ['', '{', '[]', { type: 'telemetry' }, { type: 'command' }]) {
      viewerEnd.receive(lie);
    }
    viewerEnd.receive('x'.repeat(MAX_CONTROL_LENGTH + 1));
    viewerEnd.dispatchEvent(Object.assign(new Event('message'), { data: new ArrayBuffer(8) }));
    viewerEnd.receive({ type: 'command-result', requestId: idOf(7) });
    expect(viewer.dropped).toBe(7);
    expect(viewer.telemetry).toBe(telemetry);
  });

  it('what comes too fast is dropped and counted, a second later all is well', async () => {
    join();
    await pass(1_000);
    const heard = vi.fn();
    viewer.on('telemetry', heard);
    for (let number = 0; number < 1_000; number += 1) {
      viewerEnd.receive({ type: 'telemetry', sending: {}, phone: {} });
    }
    expect(heard.mock.calls.length).toBeLessThanOrEqual(MAX_CONTROL_PER_SECOND);
    expect(viewer.dropped).toBeGreaterThanOrEqual(1_000 - MAX_CONTROL_PER_SECOND);
    heard.mockClear();
    await pass(1_000);
    viewerEnd.receive({ type: 'telemetry', sending: {}, phone: {} });
    expect(heard).toHaveBeenCalled();
  });

  it('who does not read is sent no more', async () => {
    join();
    await pass(0);
    phoneEnd.bufferedAmount = 1_000_000;
    phoneEnd.sent = [];
    await pass(3_000);
    expect(phoneEnd.sent).toEqual([]);
  });
});

describe('the end', () => {
  it('of either closes the channel, and telemetry stops with the last viewer', async () => {
    join();
    await pass(0);
    viewer.close();
    expect(phoneEnd.readyState).toBe('closed');
    expect(vi.getTimerCount()).toBe(0);
    viewer = new ViewerControl();
    join();
    await pass(0);
    phone.close();
    phone.close();
    expect(viewerEnd.readyState).toBe('closed');
    expect(viewer.state).toBe('absent');
  });
});
