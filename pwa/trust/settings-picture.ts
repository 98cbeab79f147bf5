/**
 * Small pictures of settings screens, drawn from words: a title, some rows, one of them marked.
 * Colors are in the style sheet. Good for every language, and a few bytes each.
 */

/** What a row shows at its end; an arrow unless told. */
type RowControl = 'arrow' | 'switch-on' | 'switch-off' | 'tick' | 'none';

/** A row of a screen. */
export interface PictureRow {
  readonly label: string;
  readonly control?: RowControl;
  /** This is the one to tap. */
  readonly isTarget?: boolean;
  /** This is the one that is tapped by mistake. */
  readonly isWrong?: boolean;
}

/** A screen. */
export interface SettingsPicture {
  /** iOS: centered title, rows on a card. Android: title at the left. Dialog: a window's buttons. */
  readonly look: 'ios' | 'android' | 'dialog';
  readonly title: string;
  readonly rows: readonly PictureRow[];
  /** A button at the right of the title, which is then the one to tap. */
  readonly action?: string;
}

const WIDTH = 320;
const HEAD = 44;
const ROW = 42;
const EDGE = 12;
/** About the width of a letter of 15 units, for a frame around words. */
const LETTER = 8.2;

/**
 * Draws a picture.
 * @param name - what it shows, for screen readers
 */
export function drawSettings(picture: SettingsPicture, name: string): SVGSVGElement {
  const { look, title, rows, action } = picture;
  const height = HEAD + rows.length * ROW + EDGE;
  const svg = node('svg', {
    viewBox: `0 0 ${WIDTH} ${height}`,
    class: 'picture',
    role: 'img',
    'aria-label': name,
  });
  svg.append(box({ x: 1, y: 1, width: WIDTH - 2, height: height - 2, rx: 14 }, 'screen'));
  const titleX = look === 'ios' ? WIDTH / 2 : EDGE + 8;
  if (look === 'dialog') {
    for (const x of [WIDTH - 52, WIDTH - 36, WIDTH - 20]) {
      svg.append(node('circle', { cx: x, cy: HEAD / 2, r: 4.5, class: 'knob' }));
    }
  }
  svg.append(text(title, titleX, HEAD / 2, look === 'ios' ? 'title middle' : 'title'));
  if (action !== undefined) {
    const width = action.length * LETTER + 20;
    const x = WIDTH - EDGE - width;
    svg.append(box({ x, y: 8, width, height: HEAD - 16, rx: 9 }, 'target'));
    svg.append(text(action, x + width / 2, HEAD / 2, 'strong middle'));
  }
  const card = { x: EDGE, y: HEAD, width: WIDTH - 2 * EDGE, height: rows.length * ROW, rx: 10 };
  svg.append(box(card, look === 'android' ? 'list' : 'card'));
  rows.forEach((row, index) => svg.append(...drawRow(row, index)));
  return svg;
}

function drawRow(row: PictureRow, index: number): SVGElement[] {
  const top = HEAD + index * ROW;
  const middle = top + ROW / 2;
  const parts: SVGElement[] = [];
  if (index > 0) {
    parts.push(path(`M${EDGE + 12} ${top}H${WIDTH - EDGE}`, 'rule'));
  }
  if (row.isTarget === true) {
    const frame = { x: EDGE, y: top + 2, width: WIDTH - 2 * EDGE, height: ROW - 4, rx: 9 };
    parts.push(box(frame, 'target'));
  }
  parts.push(text(row.label, EDGE + 12, middle, labelClass(row)));
  if (row.isWrong === true) {
    parts.push(path(`M${WIDTH - 34} ${middle - 6}l12 12m0-12l-12 12`, 'wrong'));
  } else {
    parts.push(...drawControl(row.control ?? 'arrow', middle));
  }
  return parts;
}

function labelClass({ isTarget, isWrong }: PictureRow): string {
  if (isTarget === true) return 'strong';
  return isWrong === true ? 'struck' : 'label';
}

function drawControl(control: RowControl, middle: number): SVGElement[] {
  const end = WIDTH - EDGE - 12;
  switch (control) {
    case 'none':
      return [];
    case 'arrow':
      return [path(`M${end - 6} ${middle - 5}l5 5l-5 5`, 'arrow')];
    case 'tick':
      return [path(`M${end - 14} ${middle}l5 5l9-10`, 'tick')];
    case 'switch-on':
    case 'switch-off': {
      const isOn = control === 'switch-on';
      const track = { x: end - 40, y: middle - 12, width: 40, height: 24, rx: 12 };
      const knob = { cx: isOn ? end - 12 : end - 28, cy: middle, r: 9.5, class: 'thumb' };
      return [box(track, isOn ? 'on' : 'off'), node('circle', knob)];
    }
  }
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly rx: number;
}

function box(place: Box, name: string): SVGElement {
  return node('rect', { ...place, class: name });
}

function path(d: string, name: string): SVGElement {
  return node('path', { d, class: name });
}

function text(words: string, x: number, y: number, name: string): SVGElement {
  // Set by its middle with a fixed offset: dominant-baseline differs between browsers.
  const element = node('text', { x, y: y + 5, class: name });
  element.textContent = words;
  return element;
}

function node<K extends keyof SVGElementTagNameMap>(
  name: K,
  attributes: Readonly<Record<string, string | number>>,
): SVGElementTagNameMap[K] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
