/** The page as a whole: what it shows, and when it checks. */
import { bindWakeEvents } from '../../signal/client/wake-events';
import { detectDevice, readDeviceFacts } from '../capture/device';
import { CHECK_IDS, needsSteps, verdictOf, type Place, type Verdict } from './checks';
import { findElements, type TrustElements } from './find-elements';
import { cameraPageOf, secureOriginOf, securePageOf, type PageLocation } from './links';
import { platformOf, type PlatformId } from './platform';
import type { Probes } from './probes';
import { showGuide } from './show-guide';
import { TrustChecker } from './trust-checker';
import {
  CHECK_NAMES,
  CHECKING,
  CHECKS_TITLE,
  findingWording,
  GUIDE_TITLE,
  PAGE_TITLE,
  RETRY,
  ROOT_TITLE,
  rootSentence,
  verdictWording,
  WHY,
} from './wording';

/** Where the page runs. */
export interface TrustPageOptions {
  readonly location: PageLocation;
  readonly navigator: Pick<Navigator, 'userAgent' | 'maxTouchPoints'>;
  readonly probes: Probes;
}

/** Fills the page, and checks now and at every return to it. Returns the way to stop. */
export function startTrustPage({ location, navigator, probes }: TrustPageOptions): () => void {
  const $ = findElements();
  const device = detectDevice(readDeviceFacts(navigator));
  const platform = platformOf(device);
  const place: Place = location.protocol === 'https:' ? 'secure' : 'plain';
  const checker = new TrustChecker({
    place,
    probes,
    secureOriginOf: ({ securePort }) => secureOriginOf(location, securePort),
  });
  const check = (): void => void checker.check();
  showFixedWords($, platform);
  showGuide($, device, cameraPageOf('', location));
  let shown: Verdict | undefined;
  checker.on('changed', () => {
    const verdict = verdictOf(checker.checks, place);
    showChecks($, checker, verdict);
    showVerdict($, checker, { verdict, platform, location });
    showRoot($, checker);
    // People may fold the steps as they like until there is something new to do.
    if (verdict !== shown && verdict !== 'checking') $.guide.open = needsSteps(verdict);
    shown = verdict;
  });
  $.retry.addEventListener('click', check);
  // On a computer the system's own window lies above the page, which then stays visible.
  window.addEventListener('focus', check);
  const unbindWakeEvents = bindWakeEvents({ wake: check });
  check();
  return () => {
    $.retry.removeEventListener('click', check);
    window.removeEventListener('focus', check);
    unbindWakeEvents();
    checker.close();
  };
}

function showFixedWords($: TrustElements, platform: PlatformId): void {
  $.tooOld.hidden = true;
  $.title.textContent = PAGE_TITLE[platform];
  $.why.textContent = WHY;
  $.checkTitle.textContent = CHECKS_TITLE;
  $.guideTitle.textContent = GUIDE_TITLE;
  $.rootTitle.textContent = ROOT_TITLE;
  for (const id of CHECK_IDS) {
    const item = document.createElement('li');
    item.dataset['check'] = id;
    item.append(CHECK_NAMES[id], document.createElement('strong'));
    $.checks.appendChild(item);
  }
  $.guide.open = true;
  $.check.hidden = false;
  $.guide.hidden = false;
}

function showChecks($: TrustElements, { checks }: TrustChecker, verdict: Verdict): void {
  for (const item of $.checks.querySelectorAll('li')) {
    const id = CHECK_IDS.find((known) => known === item.dataset['check']);
    const word = item.querySelector('strong');
    if (id === undefined || word === null) continue;
    const finding = checks.findings[id];
    item.dataset['finding'] = finding ?? 'none';
    setText(word, findingWording(id, finding, verdict));
  }
  setText($.retry, checks.isRunning ? CHECKING : RETRY);
}

interface Judged {
  readonly verdict: Verdict;
  readonly platform: PlatformId;
  readonly location: PageLocation;
}

function showVerdict($: TrustElements, { facts }: TrustChecker, judged: Judged): void {
  const { verdict, platform, location } = judged;
  const { title, advice, next } = verdictWording(verdict, platform);
  $.check.dataset['verdict'] = verdict;
  setText($.verdict, title);
  setText($.advice, advice);
  $.next.hidden = next === undefined || facts === undefined;
  $.next.classList.toggle('primary', !needsSteps(verdict));
  if (next === undefined || facts === undefined) return;
  const origin = secureOriginOf(location, facts.securePort);
  $.next.href =
    next.to === 'camera' ? cameraPageOf(origin, location) : securePageOf(origin, location);
  setText($.next, next.label);
}

function showRoot($: TrustElements, { facts }: TrustChecker): void {
  if (facts === undefined) return;
  setText($.serverName, facts.serverName);
  setText($.rootSentence, rootSentence(facts.rootName));
  setText($.fingerprint, facts.rootFingerprint);
  $.root.hidden = false;
}

/** Leaves what is right alone, so that screen readers do not read it again. */
function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
