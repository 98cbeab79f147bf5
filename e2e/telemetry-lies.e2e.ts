/**
 * Statistics against phones and clocks that cannot be trusted: what a phone says of itself may be
 * anything, clocks jump, pages are put to sleep, and cameras change all the time.
 */
import { describe, expect, it } from 'vitest';
import { openConsole, type ConsolePage } from './harness/console-page';
import { openPhone } from './harness/phone-page';
import { startServer, type SignalServer } from './harness/signal-server';
import { pause, until } from './harness/until';
import { useStage } from './harness/use-stage';

/** Changes of camera in a row, each as soon as the one before is shown. */
const CHANGES = 6;

/** How long the console sleeps, in milliseconds: several rounds of statistics are missed. */
const ASLEEP_MS = 6_000;

/** Statistics come once a second, alerts clear within four. */
const FIGURE_LIMIT = { timeoutMs: 20_000 };

const HOUR_MS = 3_600_000;

declare global {
  interface Window {
    lyingChannels: RTCDataChannel[];
    clockOffsetMs: number;
  }
}

describe('statistics', { timeout: 180_000 }, () => {
  const stage = useStage('test');

  const openWall = async (): Promise<[SignalServer, Awaited<ReturnType<typeof openConsole>>]> => {
    const server = await startServer(stage);
    return [server, await openConsole(stage, server)];
  };

  it('are not harmed by a phone that lies, and no other phone is', async () => {
    const [server, wall] = await openWall();
    const liar = await openPhone(stage, server, { phone: 3 });
    await liar.page.addInitScript(keepChannels);
    await liar.page.reload();
    const honest = await openPhone(stage, server, { phone: 6 });
    await Promise.all([liar.start(), honest.start()]);
    const [lying, telling] = [await wall.untilPictureOf(3), await wall.untilPictureOf(6)];
    await untilWell(wall, lying);
    await untilWell(wall, telling);
    const picture = await wall.watchPicture(telling);

    const told = await liar.page.evaluate(tellLies);
    expect(told).toBeGreaterThan(1_000);
    const lied = await wall.watchPicture(lying);
    await until(
      'the liar’s picture to go on',
      () => lied.changes(),
      (changes) => changes.length > 30,
    );

    for (const streamId of [lying, telling]) await untilWell(wall, streamId);
    expect((await picture.end()).changes.length).toBeGreaterThan(10);
    // The figures of the wall are its own, whatever the phone says.
    const { width, fps = 0 } = await wall.stats(lying);
    expect(width).toBe(640);
    expect(fps).toBeLessThan(60);
    expect(wall.browser.recorder.errors()).toEqual([]);
  });

  it('go on over clocks that jump at either end', async () => {
    const [server, wall] = await openWall();
    const phone = await openPhone(stage, server, { phone: 3 });
    for (const { page } of [wall, phone]) {
      await page.addInitScript(movableClock);
      await page.reload();
    }
    await phone.start();
    const streamId = await wall.untilPictureOf(3);
    await untilWell(wall, streamId);
    // One end alone, both in opposite directions, the other end alone, and back.
    for (const [ofPhone, ofWall] of [
      [HOUR_MS, 0],
      [-HOUR_MS, HOUR_MS],
      [0, -HOUR_MS],
      [0, 0],
    ] as const) {
      await phone.page.evaluate((ms) => (window.clockOffsetMs = ms), ofPhone);
      await wall.page.evaluate((ms) => (window.clockOffsetMs = ms), ofWall);
      // Two rounds of statistics, each of which could go wrong.
      await pause(2_000);
      await untilWell(wall, streamId);
      const latency = Number(await shown(wall, streamId, 'data-latency-ms'));
      expect(latency).toBeGreaterThan(0);
      expect(latency).toBeLessThan(2_000);
    }
    expect(wall.browser.recorder.errors()).toEqual([]);
  });

  it('are right again after the console was put to sleep', async () => {
    const [server, wall] = await openWall();
    const phone = await openPhone(stage, server, { phone: 3 });
    await phone.start();
    const streamId = await wall.untilPictureOf(3);
    await untilWell(wall, streamId);
    const states = await wall.watchStates(streamId);
    const session = await wall.page.context().newCDPSession(wall.page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    await pause(ASLEEP_MS);
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await untilWell(wall, streamId);
    const { bitrateBps = 0, fps = 0 } = await wall.stats(streamId);
    // A rate over the time it slept, not all its bytes in one second.
    expect(bitrateBps).toBeLessThan(10_000_000);
    expect(fps).toBeLessThan(60);
    expect((await states()).at(-1)).toBe('live');
    expect(wall.browser.recorder.errors()).toEqual([]);
  });

  it('follow a phone that changes camera and shape all the time', async () => {
    const [server, wall] = await openWall();
    const phone = await openPhone(stage, server, { phone: 3, cameras: 'two-built-in' });
    await phone.page.addInitScript(turnEachCamera);
    await phone.page.reload();
    await phone.start();
    const [tile] = await wall.untilTileCount(1);
    const streamId = tile?.streamId ?? '';
    const shape = async () => {
      const { width = 0, height = 0 } = await wall.stats(streamId);
      return width > height ? 'lying' : width < height ? 'upright' : 'unknown';
    };
    let before = await until('a picture', shape, (seen) => seen !== 'unknown', FIGURE_LIMIT);
    for (let change = 0; change < CHANGES; change += 1) {
      await phone.tap('switch-camera');
      before = await until(
        `change ${change + 1} of camera to show`,
        shape,
        (seen) => seen !== 'unknown' && seen !== before,
        FIGURE_LIMIT,
      );
    }
    await untilWell(wall, streamId);
    expect(await phone.connections()).toEqual({ made: 1, open: 1 });
    expect(wall.browser.recorder.errors()).toEqual([]);
  });
});

async function shown(wall: ConsolePage, streamId: string, name: string): Promise<string | null> {
  return wall.tileLocator(streamId).getByTestId('tile-stats').getAttribute(name);
}

/** Live with figures and a latency, and no alert stands. */
async function untilWell(wall: ConsolePage, streamId: string): Promise<void> {
  await until(
    `tile ${streamId} to be well`,
    async () => ({
      state: (await wall.tile(streamId))?.state,
      alerts: await wall
        .tileLocator(streamId)
        .getByTestId('tile-health')
        .getAttribute('data-alerts'),
      latency: await shown(wall, streamId, 'data-latency-ms'),
      fps: (await wall.stats(streamId)).fps ?? 0,
    }),
    ({ state, alerts, latency, fps }) =>
      state === 'live' && alerts === '' && latency !== null && fps > 5,
    FIGURE_LIMIT,
  );
}

/** Runs inside a page. */
function keepChannels(): void {
  window.lyingChannels = [];
  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
      const channel = super.createDataChannel(label, options);
      window.lyingChannels.push(channel);
      return channel;
    }
  };
}

/** Runs inside a page; returns how many messages were sent. */
function tellLies(): number {
  const channel = window.lyingChannels.find(({ readyState }) => readyState === 'open');
  if (channel === undefined) throw new Error('The phone has no control channel.');
  const telemetry = (sending: object, phone: object = {}) =>
    JSON.stringify({ type: 'telemetry', sending, phone });
  const camera = { deviceId: 'x', label: 'x' };
  const lies = [
    '',
    'null',
    '[]',
    '{"type":"telemetry"',
    '{"type":"telemetry"}',
    '{"type":"telemetry","sending":{}}',
    '{"type":"telemetry","phone":{}}',
    '{"type":"telemetry","sending":null,"phone":[]}',
    '{"type":"telemetry","sending":{"__proto__":{"width":1}},"phone":{"constructor":1}}',
    '{"type":"telemetry","sending":{"width":1e999},"phone":{}}',
    telemetry({}),
    telemetry({ width: -1, framesPerSecond: 1e300, encodeMs: -5 }),
    telemetry({ width: '640', videoCodec: 7, qualityLimitationReason: 'none of yours' }),
    telemetry({ videoCodec: 'x'.repeat(60_000) }),
    telemetry({ encodeMs: 1e12, sendDelayMs: 1e12 }),
    telemetry({}, { batteryLevel: -4, network: '<script>', orientation: 'sideways' }),
    JSON.stringify({ type: 'camera', cameras: Array.from({ length: 1_000 }, () => camera) }),
    JSON.stringify({ type: 'clock-pong', sentAt: -1, receivedAt: 1e300, repliedAt: 0 }),
    JSON.stringify({ type: 'command-result', requestId: 'nobody asked', reason: 'failed' }),
    JSON.stringify({ type: 'applied', requested: {}, actual: { maxBitrateBps: -1 } }),
    JSON.stringify({ type: 'viewport', viewport: { width: 1, height: 1, isVisible: false } }),
    'x'.repeat(200_000),
  ];
  for (const lie of lies) channel.send(lie);
  for (let flood = 0; flood < 2_000; flood += 1) channel.send(telemetry({ width: flood }));
  channel.send(new Uint8Array(1_000));
  return lies.length + 2_001;
}

/** Runs inside a page: its clock can be set, as a phone's can. */
function movableClock(): void {
  const now = Date.now.bind(Date);
  window.clockOffsetMs = 0;
  Date.now = () => now() + window.clockOffsetMs;
}

/** Runs inside a page: every other camera that is opened gives upright pictures. */
function turnEachCamera(): void {
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  let opened = 0;
  mediaDevices.getUserMedia = async (constraints) => {
    const stream = await open(constraints);
    opened += 1;
    if (opened % 2 === 0) return stream;
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: 360, height: 640 });
    const context = canvas.getContext('2d');
    const [old] = stream.getVideoTracks();
    const [track] = canvas.captureStream(30).getVideoTracks();
    if (context === null || old === undefined || track === undefined) return stream;
    const settings = old.getSettings();
    track.getSettings = () => ({ ...settings, width: 360, height: 640 });
    stream.removeTrack(old);
    old.stop();
    stream.addTrack(track);
    let drawn = 0;
    const timer = setInterval(() => {
      if (track.readyState === 'ended') clearInterval(timer);
      drawn += 1;
      context.fillStyle = `hsl(${drawn * 3} 70% 50%)`;
      context.fillRect(0, 0, 360, 640);
      context.fillStyle = '#fff';
      context.fillRect((drawn * 5) % 360, 100, 80, 300);
    }, 33);
    return stream;
  };
}
