/**
 * A phone's camera in the operator's hand, on both phone pages: every command, what the phone's own
 * user has to say, what cannot be done, and who may not. The harness's phone camera takes what
 * Chromium's fake ones cannot; sizes, rates and pictures are real.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMAND_TIMEOUT_MS } from '../signal/protocol/control-limits';
import { seriousViolations } from './harness/accessibility';
import { CameraDesk } from './harness/camera-desk';
import { openConsole, type ConsolePage } from './harness/console-page';
import { OperatorDesk } from './harness/operator-desk';
import { cameraSettings, installPhoneCamera, setCameraMood } from './harness/phone-camera';
import { openPhone, type PhonePage } from './harness/phone-page';
import { startServer, type SignalServer } from './harness/signal-server';
import { pause, until } from './harness/until';
import { useStage } from './harness/use-stage';

/** How long the desk turns the phone about; by hand it does for a minute and longer. */
const RESTLESS_SECONDS = Number(process.env['SIGHTLINE_RESTLESS_SECONDS'] ?? '8');

/** From one change of camera and shape to the next, in milliseconds. */
const RESTLESS_EVERY_MS = 3_000;

declare global {
  interface Window {
    viewerChannels: RTCDataChannel[];
  }
}

describe.each(['stream', 'mobileStream'] as const)('the remote camera of %s', (page) => {
  const stage = useStage();
  let wall: ConsolePage;
  let phone: PhonePage;
  let desk: CameraDesk;
  let streamId: string;

  beforeAll(async () => {
    const server = await startServer(stage);
    wall = await openConsole(stage, server);
    phone = await openPhone(stage, server, { phone: 0, page, cameras: 'two-built-in' });
    await installPhoneCamera(phone);
    await phone.start();
    const [tile] = await wall.untilTileCount(1);
    streamId = tile?.streamId ?? '';
    await wall.untilTileState(streamId, ['live']);
    desk = new CameraDesk(wall);
    await desk.open(streamId);
  });

  afterAll(() => {
    const told = desk.answers.map(
      ({ control, afterMs, refusal }) =>
        `${control} ${afterMs.toFixed(0)} ms${refusal === undefined ? '' : ' (refused)'}`,
    );
    process.stdout.write(`${page}: ${told.join(', ')}\n`);
    for (const { afterMs } of desk.answers) expect(afterMs).toBeLessThan(COMMAND_TIMEOUT_MS);
  });

  /** The one at the front stands upright. */
  const untilSide = (side: 'front' | 'back') =>
    until(
      `the picture of the camera at the ${side}`,
      () => wall.readPicture(streamId),
      (picture) => picture !== undefined && picture.height > picture.width === (side === 'front'),
    );

  it('sets light, zoom, focus and exposure, each beside the others', async () => {
    const done = [
      await desk.press('torch', 'on'),
      await desk.slide('zoom', 3),
      await desk.select('focus', 'manual'),
      await desk.slide('distance', 2),
      await desk.select('exposure', 'manual'),
      await desk.slide('brightness', -1),
    ];
    expect(done.map(({ refusal }) => refusal)).toEqual(done.map(() => undefined));
    expect(await cameraSettings(phone)).toMatchObject({
      torch: true,
      zoom: 3,
      focusMode: 'manual',
      focusDistance: 2,
      exposureMode: 'manual',
      exposureCompensation: -1,
    });
    // What the controls show is what the phone told.
    const shown = (control: string) => desk.control(control).getByRole('slider').inputValue();
    expect(await Promise.all(['zoom', 'distance', 'brightness'].map(shown))).toEqual([
      '3',
      '2',
      '-1',
    ]);
    expect(await phone.page.getByTestId('controlled').textContent()).toContain('control room');
    expect(await seriousViolations(wall.page)).toEqual([]);
    expect((await desk.select('focus', 'continuous')).refusal).toBeUndefined();
    expect(await cameraSettings(phone)).toMatchObject({ focusMode: 'continuous', zoom: 3 });
  });

  it('sets size and frame rate, as the picture shows, and keeps the rest', async () => {
    expect((await desk.select('size', '360')).refusal).toBeUndefined();
    expect((await desk.select('rate', '10')).refusal).toBeUndefined();
    await until(
      'small and slow pictures',
      () => wall.stats(streamId),
      ({ width, fps = 0 }) => width === 640 && fps >= 5 && fps <= 12,
    );
    expect(await cameraSettings(phone)).toMatchObject({ width: 640, height: 360, zoom: 3 });
    expect((await desk.select('size', '720')).refusal).toBeUndefined();
    expect((await desk.select('rate', '30')).refusal).toBeUndefined();
    await until(
      'full and smooth pictures',
      () => wall.stats(streamId),
      ({ width, fps = 0 }) => width === 1280 && fps > 15,
    );
  });

  it('turns to the other side, and to any camera of the list', async () => {
    await untilSide('back');
    expect((await desk.press('side', 'user')).refusal).toBeUndefined();
    await untilSide('front');
    const list = desk.control('camera').getByRole('combobox');
    const options = list.locator('option');
    expect(await options.allTextContents()).toEqual([
      'camera2 0, facing back',
      'camera2 1, facing front',
    ]);
    const [back = ''] = await options.evaluateAll((all) =>
      all.map((option) => (option as HTMLOptionElement).value),
    );
    expect(await list.inputValue()).not.toBe(back);
    expect((await desk.select('camera', back)).refusal).toBeUndefined();
    await untilSide('back');
    const side = desk.control('side').locator('[aria-pressed="true"]');
    expect(await side.getAttribute('data-value')).toBe('environment');
    expect(await phone.connections()).toEqual({ made: 1, open: 1 });
  });

  it('turns the microphone off, and on again only if the desk turned it off', async () => {
    const muted = wall.tileLocator(streamId).getByRole('img', {
      name: 'Microphone muted on the phone',
    });
    expect((await desk.press('microphone', 'muted')).refusal).toBeUndefined();
    await muted.waitFor();
    expect((await desk.press('microphone', 'on')).refusal).toBeUndefined();
    await muted.waitFor({ state: 'detached' });
    await phone.tap('mute');
    await muted.waitFor();
    const { refusal } = await desk.press('microphone', 'on');
    expect(refusal).toContain('Only the person at the phone');
    const state = desk.control('microphone').locator('[aria-pressed="true"]');
    expect(await state.getAttribute('data-value')).toBe('muted');
    await phone.tap('mute');
    await muted.waitFor({ state: 'detached' });
  });

  it('shows messages, quick ones too, takes them back, and finds the phone', async () => {
    const message = phone.page.getByTestId('desk-message');
    await desk.panel.getByTestId('message-text').fill('Look up');
    expect((await desk.click('message', 'message-send')).refusal).toBeUndefined();
    await message.getByText('Look up').waitFor();
    const phrase = (await desk.panel.getByTestId('phrase').first().textContent())?.trim() ?? '';
    expect((await desk.click('message', 'phrase')).refusal).toBeUndefined();
    await message.getByText(phrase).waitFor();
    expect((await desk.click('message', 'message-clear')).refusal).toBeUndefined();
    await message.waitFor({ state: 'hidden' });
    expect((await desk.click('locate', 'locate')).refusal).toBeUndefined();
    const flash = phone.page.getByTestId('locate');
    await flash.waitFor({ state: 'attached' });
    await flash.waitFor({ state: 'detached' });
  });

  it('says at the control why something was not done', async () => {
    const light = desk.control('torch').locator('[aria-pressed="true"]');
    expect((await desk.press('torch', 'on')).refusal).toBeUndefined();
    await setCameraMood(phone, 'stubborn');
    expect((await desk.press('torch', 'off')).refusal).toContain('did not take the setting');
    expect(await light.getAttribute('data-value')).toBe('on');
    await setCameraMood(phone, 'slow');
    expect((await desk.slide('zoom', 2)).refusal).toContain('still at it');
    // It is done all the same, and shown then.
    const zoom = desk.control('zoom').getByRole('slider');
    await until(
      'the zoom that was asked for',
      () => zoom.inputValue(),
      (value) => value === '2',
    );
    await setCameraMood(phone, 'willing');
    expect((await desk.press('torch', 'off')).refusal).toBeUndefined();
  });

  it('obeys the person at the phone, who refuses', async () => {
    await desk.press('torch', 'on');
    await phone.page.getByTestId('refuse-control').click();
    await desk.panel.getByTestId('camera-obstacle').getByText('refuses control').waitFor();
    expect(await desk.control('torch').count()).toBe(0);
    await phone.page.getByTestId('refuse-control').click();
    await desk.control('torch').waitFor();
    expect((await desk.press('torch', 'off')).refusal).toBeUndefined();
  });
});

describe('a camera as Chromium has it', () => {
  const stage = useStage();

  it('is set as far as it can be, and says what it has not', async () => {
    const server = await startServer(stage);
    const wall = await openConsole(stage, server);
    const phone = await openPhone(stage, server, { phone: 0, cameras: 'two-built-in' });
    await phone.start();
    const [tile] = await wall.untilTileCount(1);
    await wall.untilTileState(tile?.streamId ?? '', ['live']);
    const desk = new CameraDesk(wall);
    await desk.open(tile?.streamId ?? '');
    // Chromium learns what a camera offers a moment after it was opened.
    await desk.control('distance').getByRole('slider').waitFor();
    for (const [control, lack] of [
      ['torch', 'no light'],
      ['zoom', 'cannot zoom'],
    ] as const) {
      expect(await desk.control(control).textContent()).toContain(lack);
    }
    const done = [
      await desk.slide('distance', 20),
      await desk.select('size', '480'),
      await desk.select('rate', '15'),
    ];
    expect(done.map(({ refusal }) => refusal)).toEqual(done.map(() => undefined));
    // It lists this mode and skips it without a word.
    const { refusal } = await desk.select('exposure', 'continuous');
    expect(refusal).toContain('did not take the setting');
    const shown = desk.control('exposure').getByRole('combobox');
    expect(await shown.inputValue()).toBe('manual');
    expect(await cameraSettings(phone)).toMatchObject({
      exposureMode: 'manual',
      focusMode: 'manual',
      focusDistance: 20,
      height: 480,
      frameRate: 15,
    });
    expect(await seriousViolations(wall.page)).toEqual([]);
  });
});

describe('a camera that is changed all the time', () => {
  const stage = useStage();

  it(
    `is followed for ${RESTLESS_SECONDS} s, in its shape too`,
    { timeout: RESTLESS_SECONDS * 1_000 + 60_000 },
    async () => {
      const server = await startServer(stage);
      const wall = await openConsole(stage, server);
      const phone = await openPhone(stage, server, { phone: 0, cameras: 'two-built-in' });
      await installPhoneCamera(phone);
      await phone.start();
      const [tile] = await wall.untilTileCount(1);
      const streamId = tile?.streamId ?? '';
      await wall.untilTileState(streamId, ['live']);
      const desk = new CameraDesk(wall);
      await desk.open(streamId);
      const states = await wall.watchStates(streamId);
      const shownAfterMs: number[] = [];
      for (let change = 1; change * RESTLESS_EVERY_MS <= RESTLESS_SECONDS * 1_000; change += 1) {
        const startedAt = performance.now();
        const isFront = change % 2 === 1;
        const { refusal } = await desk.press('side', isFront ? 'user' : 'environment');
        expect(refusal).toBeUndefined();
        await until(
          `shape ${change} to show`,
          () => wall.readPicture(streamId),
          (picture) => picture !== undefined && picture.height > picture.width === isFront,
        );
        shownAfterMs.push(performance.now() - startedAt);
        await pause(Math.max(0, startedAt + RESTLESS_EVERY_MS - performance.now()));
      }
      const health = wall.tileLocator(streamId).getByTestId('tile-health');
      await until(
        'no alert',
        () => health.getAttribute('data-alerts'),
        (kinds) => kinds === '',
      );
      const answeredAfterMs = desk.answers.map(({ afterMs }) => afterMs);
      process.stdout.write(
        `${shownAfterMs.length} changes: answered ${spanOf(answeredAfterMs)}, ` +
          `shown ${spanOf(shownAfterMs)}\n`,
      );
      expect(await states()).toEqual(['live']);
      expect(await phone.connections()).toEqual({ made: 1, open: 1 });
      expect(wall.browser.recorder.errors()).toEqual([]);
    },
  );
});

describe('who only watches', () => {
  const stage = useStage();
  let server: SignalServer;
  let wall: ConsolePage;
  let phone: PhonePage;

  beforeAll(async () => {
    server = await startServer(stage);
    wall = await openConsole(stage, server);
    phone = await openPhone(stage, server, { phone: 0, cameras: 'two-built-in' });
    await installPhoneCamera(phone);
    await phone.start();
    await wall.untilTileCount(1);
  });

  it('is offered no camera, told none, and refused by the phone itself', async () => {
    const link = await new OperatorDesk(wall).linkOf('viewer');
    const guest = await openConsole(stage, server, { name: 'viewer', url: 'about:blank' });
    await guest.page.addInitScript(keepChannels);
    await guest.page.goto(link);
    const [tile] = await guest.untilTileCount(1);
    const streamId = tile?.streamId ?? '';
    await guest.untilTileState(streamId, ['live']);
    await guest.tileLocator(streamId).hover();
    await guest.tileLocator(streamId).getByTestId('tile-menu').click();
    await guest.page.locator('[data-choice="quality"]').waitFor();
    expect(await guest.page.locator('[data-choice="camera"]').count()).toBe(0);

    const heard = await guest.page.evaluate(commandByHand, {
      requestId: crypto.randomUUID(),
      command: { kind: 'torch', isOn: true },
    });
    expect(heard.reason).toBe('not-allowed');
    expect(heard.cameras).toEqual([]);
    expect(await cameraSettings(phone)).toMatchObject({ torch: false });
    expect(await phone.page.getByTestId('controlled').isVisible()).toBe(false);
  });
});

function spanOf(milliseconds: readonly number[]): string {
  const [least, most] = [Math.min(...milliseconds), Math.max(...milliseconds)];
  return `${least.toFixed(0)} to ${most.toFixed(0)} ms`;
}

/** Runs inside a page: keeps what the console would keep to itself. */
function keepChannels(): void {
  window.viewerChannels = [];
  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
      const channel = super.createDataChannel(label, options);
      window.viewerChannels.push(channel);
      return channel;
    }
  };
}

/** Runs inside a page: asks the phone without the console, and hears its answer. */
async function commandByHand(request: {
  requestId: string;
  command: object;
}): Promise<{ reason: string; cameras: unknown }> {
  const channel = window.viewerChannels.find(({ readyState }) => readyState === 'open');
  if (channel === undefined) throw new Error('There is no channel to the phone.');
  return new Promise((resolve, reject) => {
    let cameras: unknown = [];
    channel.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as Record<string, unknown>;
      if (message['type'] === 'camera') cameras = message['cameras'];
      if (message['requestId'] !== request.requestId) return;
      resolve({ reason: String(message['reason']), cameras });
    });
    setTimeout(() => reject(new Error('The phone did not answer.')), 5_000);
    channel.send(JSON.stringify({ type: 'command', ...request }));
  });
}
