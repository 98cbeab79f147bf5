/** The steps, a tab for each platform. */
import type { Device } from '../../signal/protocol/fields';
import type { TrustElements } from './find-elements';
import { PLATFORM_IDS, platformOf, type PlatformId } from './platform';
import { drawSettings } from './settings-picture';
import {
  GUIDES,
  IOS_NEEDS_SAFARI,
  OPEN_ANYWAY,
  pictureWording,
  TABS_NAME,
  WITHOUT_TITLE,
  type Step,
  type StepGroup,
} from './wording';

/**
 * Fills the tabs, and shows the one for this device.
 * @param cameraPath - leads to the camera page; over plain HTTP by the server's own redirect
 */
export function showGuide($: TrustElements, device: Device, cameraPath: string): void {
  const tabs = new Map<PlatformId, HTMLButtonElement>();
  const choose = (chosen: PlatformId): void => {
    for (const [id, tab] of tabs) {
      tab.setAttribute('aria-selected', String(id === chosen));
      // One stop of the Tab key; arrows go on from there (ARIA practices, tabs).
      tab.tabIndex = id === chosen ? 0 : -1;
    }
    $.steps.setAttribute('aria-labelledby', `tab-${chosen}`);
    $.steps.textContent = '';
    $.steps.append(...guideParts(chosen, device, cameraPath));
  };
  for (const id of PLATFORM_IDS) {
    const tab = element('button', GUIDES[id].tab);
    tab.type = 'button';
    tab.id = `tab-${id}`;
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', 'steps');
    tab.addEventListener('click', () => choose(id));
    tabs.set(id, tab);
    $.tabs.appendChild(tab);
  }
  $.tabs.setAttribute('aria-label', TABS_NAME);
  $.tabs.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const now = PLATFORM_IDS.findIndex((id) => tabs.get(id) === event.target);
    if (step === undefined || now < 0) return;
    const next = PLATFORM_IDS[(now + step + PLATFORM_IDS.length) % PLATFORM_IDS.length];
    if (next === undefined) return;
    choose(next);
    tabs.get(next)?.focus();
  });
  choose(platformOf(device));
}

function guideParts(id: PlatformId, device: Device, cameraPath: string): HTMLElement[] {
  const { download, groups, without } = GUIDES[id];
  const parts: HTMLElement[] = [];
  const isHere = platformOf(device) === id;
  if (id === 'ios' && isHere && device.browser !== 'Safari') {
    parts.push(element('p', IOS_NEEDS_SAFARI, 'panel caution'));
  }
  const link = element('a', download.label, 'button primary large');
  link.href = download.path;
  parts.push(link);
  for (const group of groups) parts.push(groupPart(group, groups, device));
  const panel = element('div', '', 'panel');
  panel.append(element('h3', WITHOUT_TITLE), element('p', without.text, 'muted'));
  if (without.hasWay) {
    const way = element('a', OPEN_ANYWAY, 'way');
    way.href = cameraPath;
    panel.appendChild(way);
  }
  parts.push(panel);
  return parts;
}

function groupPart(group: StepGroup, groups: readonly StepGroup[], device: Device): HTMLElement {
  const list = document.createElement('ol');
  list.append(...group.steps.map(stepPart));
  if (group.title === undefined) return list;
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.appendChild(element('h3', group.title));
  details.append(summary, list);
  details.open = group === fitting(groups, device);
  return details;
}

/** A browser with a list of its own comes before the system that it runs on. */
function fitting(
  groups: readonly StepGroup[],
  { platform, browser }: Device,
): StepGroup | undefined {
  const fits = (name: string | undefined) =>
    groups.find((group) => name !== undefined && group.fits?.includes(name));
  return fits(browser) ?? fits(platform) ?? groups[0];
}

function stepPart({ text, picture }: Step): HTMLElement {
  const item = document.createElement('li');
  item.appendChild(element('p', text));
  if (picture !== undefined) item.appendChild(drawSettings(picture, pictureWording(picture)));
  return item;
}

function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  text: string,
  name = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name !== '') made.className = name;
  return made;
}
