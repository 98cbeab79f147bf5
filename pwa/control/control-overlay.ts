/**
 * What the phone shows of being controlled, over either page while it is live: a small switch that
 * says whether it may be, a card that says when it is and where it is refused, messages, and the
 * flash by which the phone is found. It comes late and draws itself, styles included, so that no
 * page carries it from the start.
 */
import * as look from './overlay-styles';
import type { ControlDisplay } from './remote-control';

/** How long the card stays after the control room or the person did something, in milliseconds. */
const SHOWN_FOR_MS = 8_000;

/** How long the phone flashes and vibrates, in milliseconds. */
const LOCATE_FOR_MS = 4_000;

/** Two flashes a second: fewer than three, as WCAG 2.2 (2.3.1) asks. */
const FLASH_MS = 250;

/** The part of `window` that is used. */
export interface OverlayView {
  readonly document: Document;
  readonly navigator: { vibrate?(pattern: number[]): boolean };
  matchMedia(query: string): { readonly matches: boolean };
}

export interface ControlOverlayOptions {
  readonly view: OverlayView;
  readonly isControlAllowed: boolean;
  /** The phone's user refuses control, or allows it again. */
  readonly setControlAllowed: (isAllowed: boolean) => void;
}

/** See the head of this file. */
export class ControlOverlay implements ControlDisplay {
  readonly #options: ControlOverlayOptions;
  readonly #root: HTMLElement;
  readonly #switch: HTMLButtonElement;
  readonly #chip: HTMLElement;
  readonly #card: HTMLElement;
  readonly #words: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #message: HTMLElement;
  readonly #messageText: HTMLElement;
  #isAllowed: boolean;
  #isOnAir = false;
  #foldTimer: ReturnType<typeof setTimeout> | undefined;
  #flash: HTMLElement | undefined;
  #flashTimer: ReturnType<typeof setInterval> | undefined;

  constructor(options: ControlOverlayOptions) {
    this.#options = options;
    this.#isAllowed = options.isControlAllowed;
    this.#root = this.#create('div', look.ROOT);
    this.#switch = this.#create('button', look.SWITCH, { 'data-testid': 'control-switch' });
    this.#switch.type = 'button';
    this.#switch.addEventListener('click', () => this.#onSwitch());
    this.#chip = this.#create('span', look.CHIP);
    this.#switch.append(this.#chip);
    this.#card = this.#create('div', look.CARD, { role: 'status', 'data-testid': 'controlled' });
    this.#words = this.#create('span', look.WORDS);
    this.#button = this.#create('button', look.BUTTON, { 'data-testid': 'refuse-control' });
    this.#button.type = 'button';
    this.#button.addEventListener('click', () => this.#decide());
    this.#card.append(this.#words, this.#button);
    this.#message = this.#create('div', look.CARD, {
      role: 'alert',
      'data-testid': 'desk-message',
    });
    this.#messageText = this.#create('p', look.MESSAGE);
    const read = this.#create('button', look.BUTTON);
    read.type = 'button';
    read.textContent = 'OK';
    read.addEventListener('click', () => this.clearMessage());
    this.#message.append(this.#messageText, read);
    this.#root.append(this.#switch, this.#message, this.#card);
    options.view.document.body.append(this.#root);
    for (const part of [this.#switch, this.#message, this.#card]) hide(part);
  }

  setOnAir(isOnAir: boolean): void {
    if (this.#isOnAir === isOnAir) return;
    this.#isOnAir = isOnAir;
    if (isOnAir) {
      this.#chip.textContent = chipOf(this.#isAllowed);
      show(this.#switch);
      return;
    }
    hide(this.#switch);
    this.#fold();
    this.clearMessage();
    this.#stopFlash();
  }

  showControlled(): void {
    this.#unfold('The control room is controlling this camera.');
    this.#foldSoon();
  }

  showMessage(text: string): void {
    this.#messageText.textContent = text;
    show(this.#message);
    this.#vibrate([200]);
  }

  clearMessage(): void {
    hide(this.#message);
  }

  locate(): void {
    this.#stopFlash();
    const flash = this.#create('div', look.FLASH, {
      'data-testid': 'locate',
      'aria-hidden': 'true',
    });
    this.#flash = flash;
    this.#root.append(flash);
    const isStill = this.#options.view.matchMedia('(prefers-reduced-motion: reduce)').matches;
    let left = LOCATE_FOR_MS / FLASH_MS;
    this.#flashTimer = setInterval(() => {
      left -= 1;
      if (left <= 0) this.#stopFlash();
      else if (!isStill) flash.style.opacity = left % 2 === 0 ? '1' : '0';
    }, FLASH_MS);
    this.#vibrate([300, 200, 300, 200, 300, 200, 300]);
  }

  /** Takes everything off the page. Idempotent. */
  close(): void {
    clearTimeout(this.#foldTimer);
    this.#stopFlash();
    this.#root.remove();
  }

  #onSwitch(): void {
    if (this.#card.style.display === 'none') this.#unfold(stateOf(this.#isAllowed));
    else this.#fold();
  }

  #decide(): void {
    this.#isAllowed = !this.#isAllowed;
    this.#options.setControlAllowed(this.#isAllowed);
    this.#chip.textContent = chipOf(this.#isAllowed);
    this.#unfold(stateOf(this.#isAllowed));
    this.#foldSoon();
  }

  #unfold(words: string): void {
    clearTimeout(this.#foldTimer);
    this.#words.textContent = words;
    this.#button.textContent = this.#isAllowed ? 'Refuse' : 'Allow';
    this.#switch.setAttribute('aria-expanded', 'true');
    show(this.#card);
  }

  #foldSoon(): void {
    clearTimeout(this.#foldTimer);
    this.#foldTimer = setTimeout(() => this.#fold(), SHOWN_FOR_MS);
  }

  #fold(): void {
    clearTimeout(this.#foldTimer);
    this.#switch.setAttribute('aria-expanded', 'false');
    hide(this.#card);
  }

  #stopFlash(): void {
    clearInterval(this.#flashTimer);
    this.#flash?.remove();
    this.#flash = undefined;
  }

  /** Not on iPhones. Browsers ignore it before the first tap. */
  #vibrate(pattern: number[]): void {
    this.#options.view.navigator.vibrate?.(pattern);
  }

  #create<K extends keyof HTMLElementTagNameMap>(
    tag: K,
    style: Readonly<Partial<CSSStyleDeclaration>>,
    attributes: Readonly<Record<string, string>> = {},
  ): HTMLElementTagNameMap[K] {
    const element = this.#options.view.document.createElement(tag);
    Object.assign(element.style, style);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }
}

/** What the switch says; a word, so that no color has to. */
function chipOf(isAllowed: boolean): string {
  return `Remote control: ${isAllowed ? 'on' : 'off'}`;
}

function stateOf(isAllowed: boolean): string {
  return isAllowed
    ? 'The control room can choose and set this camera, and mute you.'
    : 'You refuse control: only you change this camera.';
}

function show(element: HTMLElement): void {
  element.style.display = 'flex';
}

function hide(element: HTMLElement): void {
  element.style.display = 'none';
}
