/** A problem on the light page, its way out included. Loaded apart: most phones never meet one. */
import { readPastedLink } from '../access/pasted-link';
import type { Device } from '../../signal/protocol/fields';
import { NO_LINK, anySteps, problemWording, type ProblemWording } from '../problem-wording';
import type { Broadcast } from '../streaming/broadcast';
import type { Problem } from '../streaming/broadcast-state';

/** What the ways out act on. */
export interface PanelContext {
  readonly broadcast: Broadcast;
  readonly device: Device;
  readonly location: Pick<Location, 'port' | 'pathname' | 'origin' | 'assign' | 'reload'>;
}

/** Writes the panel anew, and moves the focus there: whoever had just tapped is read what came of it. */
export function writeProblem(panel: HTMLElement, problem: Problem, context: PanelContext): void {
  const { device, location } = context;
  const wording = problemWording(problem, device, location, anySteps);
  const title = element('h2', wording.title);
  title.tabIndex = -1;
  const parts: HTMLElement[] = [title, element('p', wording.sentence)];
  if (wording.steps.length > 0) {
    const steps = element('ol', '');
    steps.append(...wording.steps.map((step) => element('li', step)));
    parts.push(steps);
  }
  const hadFocus = panel.querySelector('h2')?.textContent === wording.title;
  panel.replaceChildren(...parts, form(wording, context));
  panel.hidden = false;
  if (!hadFocus) title.focus();
}

function form(wording: ProblemWording, context: PanelContext): HTMLFormElement {
  const { kind, label, field, isEarly = false } = wording.wayOut;
  const form = element('form', '');
  const mistake = element('p', '');
  mistake.id = 'pasted-mistake';
  const input = element('input', '');
  input.id = 'pasted-link';
  input.dataset['testid'] = 'pasted-link';
  input.setAttribute('aria-describedby', mistake.id);
  input.inputMode = 'url';
  input.autocomplete = 'off';
  input.autocapitalize = 'off';
  input.spellcheck = false;
  input.placeholder = 'https://…';
  const button = element('button', label);
  button.className = 'primary';
  button.dataset['testid'] = 'way-out';
  button.disabled = isEarly;
  if (field !== undefined) {
    const name = element('label', field);
    name.htmlFor = input.id;
    form.append(name, input, mistake);
  }
  form.append(button);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const pasted = input.value.trim();
    mistake.textContent = '';
    if (pasted === '') takeWayOut(kind, context);
    else if (!follow(pasted, context)) {
      mistake.textContent = NO_LINK;
      // Read out with the field that it describes.
      input.focus();
    }
  });
  return form;
}

function takeWayOut(
  kind: ProblemWording['wayOut']['kind'],
  { broadcast, location }: PanelContext,
): void {
  if (kind === 'retry') {
    void broadcast.retry();
    return;
  }
  if (kind === 'reload-afresh') broadcast.forgetIdentity();
  location.reload();
}

/** @returns false for what is no link. */
function follow(pasted: string, { broadcast, location }: PanelContext): boolean {
  const link = readPastedLink(pasted, location.origin);
  if (link.kind === 'key') broadcast.useKey(link.key);
  if (link.kind === 'elsewhere') location.assign(link.url);
  return link.kind !== 'none';
}

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text: string,
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
