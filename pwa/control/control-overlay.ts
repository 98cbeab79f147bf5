/**
 * What the phone shows of being controlled, over either page: that the control room does it and how
 * to refuse, messages, and the flash by which the phone is found. It comes late and draws itself,
 * styles included, so that no page carries it from the start.
 */
import type { ControlDisplay } from './remote-control';

/** How long it is said that the control room did something, in milliseconds. */
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
  readonly #indicator: HTMLElement;
  readonly #words: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #message: HTMLElement;
  readonly #messageText: HTMLElement;
  #isAllowed: boolean;
  #hideTimer: ReturnType<typeof setTimeout> | undefined;
  #flash: HTMLElement | undefined;
  #flashTimer: ReturnType<typeof setInterval> | undefined;

  constructor(options: ControlOverlayOptions) {
    this.#options = options;
    this.#isAllowed = options.isControlAllowed;
    this.#root = this.#create('div', ROOT);
    this.#indicator = this.#create('div', CARD, { role: 'status', 'data-testid': 'controlled' });
    this.#words = this.#create('span', WORDS);
    this.#button = this.#create('button', BUTTON, { 'data-testid': 'refuse-control' });
    this.#button.type = 'button';
    this.#button.addEventListener('click', () => this.#toggle());
    this.#indicator.append(this.#words, this.#button);
    this.#message = this.#create('div', CARD, { role: 'alert', 'data-testid': 'desk-message' });
    this.#messageText = this.#create('p', MESSAGE);
    const read = this.#create('button', BUTTON);
    read.type = 'button';
    read.textContent = 'OK';
    read.addEventListener('click', () => this.clearMessage());
    this.#message.append(this.#messageText, read);
    this.#root.append(this.#message, this.#indicator);
    options.view.document.body.append(this.#root);
    hide(this.#message);
    if (this.#isAllowed) hide(this.#indicator);
    else this.#draw();
  }

  showControlled(): void {
    this.#draw();
    clearTimeout(this.#hideTimer);
    this.#hideTimer = setTimeout(() => {
      if (this.#isAllowed) hide(this.#indicator);
    }, SHOWN_FOR_MS);
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
    const flash = this.#create('div', FLASH, { 'data-testid': 'locate', 'aria-hidden': 'true' });
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
    clearTimeout(this.#hideTimer);
    this.#stopFlash();
    this.#root.remove();
  }

  #toggle(): void {
    this.#isAllowed = !this.#isAllowed;
    this.#options.setControlAllowed(this.#isAllowed);
    if (this.#isAllowed) hide(this.#indicator);
    else this.#draw();
  }

  #draw(): void {
    this.#words.textContent = this.#isAllowed
      ? 'The control room is controlling this camera.'
      : 'You refuse control: only you change this camera.';
    this.#button.textContent = this.#isAllowed ? 'Refuse' : 'Allow';
    show(this.#indicator);
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

const ROOT = {
  position: 'fixed',
  top: 'calc(var(--edge-top) + 88px)',
  left: 'var(--edge-left)',
  right: 'var(--edge-right)',
  zIndex: '10',
  display: 'flex',
  flexDirection: 'column',
  alignItems: 'center',
  gap: '8px',
  pointerEvents: 'none',
} as const;

const CARD = {
  boxSizing: 'border-box',
  width: '100%',
  maxWidth: '480px',
  alignItems: 'center',
  gap: '12px',
  padding: '10px 8px 10px 16px',
  border: '1px solid var(--accent)',
  borderRadius: 'var(--radius)',
  background: 'rgba(20, 25, 34, 0.96)',
  color: 'var(--text)',
  pointerEvents: 'auto',
} as const;

const WORDS = { flex: '1', minWidth: '0', fontSize: '15px', lineHeight: '1.4' } as const;

const MESSAGE = {
  flex: '1',
  minWidth: '0',
  margin: '8px 0',
  fontSize: '22px',
  fontWeight: '600',
  lineHeight: '1.3',
  overflowWrap: 'anywhere',
  whiteSpace: 'pre-line',
} as const;

const BUTTON = {
  flex: 'none',
  width: 'auto',
  minWidth: 'var(--touch)',
  minHeight: 'var(--touch)',
  margin: '0',
  padding: '0 12px',
  border: '0',
  borderRadius: 'var(--radius-small)',
  background: 'none',
  color: 'var(--accent)',
  font: 'inherit',
  fontWeight: '600',
} as const;

const FLASH = {
  position: 'fixed',
  top: '0',
  right: '0',
  bottom: '0',
  left: '0',
  background: '#fff',
  boxShadow: 'inset 0 0 0 24px var(--accent)',
} as const;

function show(element: HTMLElement): void {
  element.style.display = 'flex';
}

function hide(element: HTMLElement): void {
  element.style.display = 'none';
}
