/**
 * A phone's camera in the operator's hand. Chromium's fake cameras have no torch, zoom or exposure:
 * there the page is given a track that offers them and takes what is set, and nothing else is fake.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { openConsole, type ConsolePage } from './harness/console-page';
import { OperatorDesk } from './harness/operator-desk';
import { openPhone, type PhonePage } from './harness/phone-page';
import { startServer } from './harness/signal-server';
import { seriousViolations } from './harness/accessibility';
import { until } from './harness/until';
import { useStage } from './harness/use-stage';

describe.each(['stream', 'mobileStream'] as const)('the remote camera of %s', (page) => {
  const stage = useStage();
  let wall: ConsolePage;
  let phone: PhonePage;

  beforeAll(async () => {
    const server = await startServer(stage);
    wall = await openConsole(stage, server);
    phone = await openPhone(stage, server, { phone: 0, page, cameras: 'two-built-in' });
    await phone.page.evaluate(enrichTracks);
    await phone.start();
    const [tile] = await wall.untilTileCount(1);
    await wall.untilTileState(tile?.streamId ?? '', ['live']);
    await new OperatorDesk(wall).choose(tile?.streamId ?? '', 'camera', 'mouse');
    await wall.page.getByTestId('torch').waitFor();
  });

  const panel = () => wall.page.getByTestId('camera-panel');

  async function untilDone(): Promise<void> {
    await panel().locator('[data-testid="command-status"][data-state="done"]').last().waitFor();
    expect(await panel().locator('[data-state="refused"]').allTextContents()).toEqual([]);
  }

  it('turns the light on, zooms, and says that it was done', async () => {
    await panel().getByTestId('torch').click();
    await panel().locator('[data-testid="torch"][aria-pressed="true"]').waitFor();
    await panel().getByRole('slider', { name: 'Zoom' }).fill('3');
    await untilDone();
    expect(await phone.page.getByTestId('controlled').textContent()).toContain('control room');
    expect(await seriousViolations(wall.page)).toEqual([]);
  });

  it('switches cameras and sizes', async () => {
    const choice = panel().getByTestId('camera-choice');
    const before = await choice.inputValue();
    const other = await choice
      .locator('option')
      .evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    await choice.selectOption(other.find((id) => id !== before) ?? '');
    await until(
      'the other camera',
      () => choice.inputValue(),
      (id) => id !== before,
    );
    await panel().getByTestId('capture-size').selectOption('360');
    await untilDone();
  });

  it('mutes the microphone, shows a message and finds the phone', async () => {
    await panel().getByTestId('microphone').click();
    await panel().getByRole('button', { name: 'Turn on' }).waitFor();
    await panel().getByTestId('message-text').fill('Look up');
    await panel().getByTestId('message-send').click();
    const message = phone.page.getByTestId('desk-message');
    await message.getByText('Look up').waitFor();
    await panel().getByTestId('message-clear').click();
    await message.waitFor({ state: 'hidden' });
    await panel().getByTestId('locate').click();
    await phone.page.getByTestId('locate').waitFor({ state: 'attached' });
    await phone.page.getByTestId('locate').waitFor({ state: 'detached' });
    await untilDone();
  });

  it('obeys the person at the phone, who refuses', async () => {
    await panel().getByTestId('torch').click();
    await phone.page.getByTestId('refuse-control').click();
    await panel().getByTestId('camera-obstacle').getByText('refuses control').waitFor();
    await phone.page.getByTestId('refuse-control').click();
    await panel().getByTestId('torch').waitFor();
  });
});

/** Lets camera tracks offer a torch and a zoom, and take them. Runs inside a page. */
function enrichTracks(): void {
  const proto = MediaStreamTrack.prototype;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called on the tracks they belong to
  const { getCapabilities, getSettings, applyConstraints } = proto;
  const set = new WeakMap<MediaStreamTrack, Record<string, unknown>>();
  proto.getCapabilities = function (this: MediaStreamTrack) {
    const own = getCapabilities.call(this);
    return this.kind === 'video'
      ? Object.assign({}, own, { torch: true, zoom: { min: 1, max: 5, step: 0.5 } })
      : own;
  };
  proto.getSettings = function (this: MediaStreamTrack) {
    return Object.assign(getSettings.call(this), { torch: false, zoom: 1 }, set.get(this));
  };
  proto.applyConstraints = async function (this: MediaStreamTrack, constraints) {
    const { advanced = [], ...rest } = constraints ?? {};
    const { torch, zoom, ...others } = Object.assign({}, ...advanced) as Record<string, unknown>;
    set.set(this, {
      ...set.get(this),
      ...(torch === undefined ? {} : { torch }),
      ...(zoom === undefined ? {} : { zoom }),
    });
    const kept = Object.keys(others).length === 0 ? rest : { ...rest, advanced: [others] };
    await applyConstraints.call(this, kept);
  };
}
