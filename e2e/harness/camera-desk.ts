/** The panel of a phone's camera in an operator's hand; every command is timed. */
import type { Locator } from 'playwright';
import type { ConsolePage } from './console-page';
import { OperatorDesk } from './operator-desk';
import { until } from './until';

/** What became of a command. */
export interface CommandAnswer {
  readonly control: string;
  /** From the command to its outcome on the screen, in milliseconds. */
  readonly afterMs: number;
  /** What the panel says where it was not done. */
  readonly refusal: string | undefined;
}

/** Drives the panel by its test hooks alone. */
export class CameraDesk {
  /** Every command given so far. */
  readonly answers: CommandAnswer[] = [];

  constructor(private readonly console: ConsolePage) {}

  /** The panel itself. */
  get panel(): Locator {
    return this.console.page.getByTestId('camera-panel');
  }

  /** One of its controls, with what is said of it. */
  control(name: string): Locator {
    return this.panel.locator(`[data-control="${name}"]`);
  }

  /** Opens the panel of a stream and waits for what its phone offers. */
  async open(streamId: string): Promise<void> {
    await new OperatorDesk(this.console).choose(streamId, 'camera', 'mouse');
    await this.control('camera').getByRole('combobox').waitFor();
  }

  /** One of a few choices, such as the torch's `on`. */
  press(control: string, value: string): Promise<CommandAnswer> {
    return this.ask(control, (place) => place.locator(`[data-value="${value}"]`).click());
  }

  /** A place on a slider. */
  slide(control: string, value: number): Promise<CommandAnswer> {
    return this.ask(control, (place) => place.getByRole('slider').fill(String(value)));
  }

  /** One of a list. */
  select(control: string, value: string): Promise<CommandAnswer> {
    return this.ask(control, async (place) => {
      await place.getByRole('combobox').selectOption(value);
    });
  }

  /** What a press of a button leads to. */
  click(control: string, hook: string): Promise<CommandAnswer> {
    return this.ask(control, () => this.panel.getByTestId(hook).first().click());
  }

  /** Does something with a control, and waits for what becomes of it. */
  private async ask(
    control: string,
    act: (place: Locator) => Promise<void>,
  ): Promise<CommandAnswer> {
    const place = this.control(control);
    const watch = await place.evaluateHandle((element) => {
      const seen = { askedAt: 0, afterMs: -1 };
      const observer = new MutationObserver(() => {
        const status = element.querySelector('[data-testid="command-status"]');
        const state = status?.getAttribute('data-state');
        if (state === 'asking' && seen.askedAt === 0) seen.askedAt = performance.now();
        else if (state !== 'asking' && seen.askedAt > 0 && seen.afterMs < 0) {
          seen.afterMs = performance.now() - seen.askedAt;
        }
      });
      observer.observe(element, { subtree: true, childList: true, attributes: true });
      return { seen, observer };
    });
    await act(place);
    const afterMs = await until(
      `an answer to ${control}`,
      () => watch.evaluate(({ seen }) => seen.afterMs),
      (milliseconds) => milliseconds >= 0,
    );
    await watch.evaluate(({ observer }) => observer.disconnect());
    const [refusal] = await place.getByTestId('command-reason').allTextContents();
    const answer = { control, afterMs, refusal: refusal?.trim() };
    this.answers.push(answer);
    return answer;
  }
}
