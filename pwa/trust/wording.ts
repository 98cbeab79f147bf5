/**
 * Everything the way in says, in one place, ready for another language: the checks and what they
 * mean, and for each platform the steps with their pictures. Names of menus are those of the
 * systems' own English; a translation has to take them from the system as well.
 */
import type { CheckId, Finding, Verdict } from './checks';
import type { PlatformId } from './platform';
import type { SettingsPicture } from './settings-picture';

export const PAGE_TITLE: Record<PlatformId, string> = {
  ios: 'Let this iPhone or iPad trust Sightline',
  android: 'Let this phone trust Sightline',
  computer: 'Let this computer trust Sightline',
};

export const WHY =
  'Browsers give the camera only to pages that they trust. This server lives in your own network, where nobody else can vouch for it, so it vouches for itself: install its certificate once, and this device knows the server from then on. It is good for private networks only, and you can remove it at any time.';

export const CHECKS_TITLE = 'Does it work yet?';
export const RETRY = 'Check again';
export const CHECKING = 'Checking…';

export const CHECK_NAMES: Record<CheckId, string> = {
  page: 'Secure page answers',
  socket: 'Secure connection opens',
  worker: 'App can be installed',
};

/** Beside each check, so that color is never the only sign. */
export function findingWording(
  id: CheckId,
  finding: Finding | undefined,
  verdict: Verdict,
): string {
  if (finding === 'passed') return 'works';
  if (finding !== undefined) return finding === 'unreachable' ? 'no answer' : 'fails';
  if (verdict === 'checking') return 'checking…';
  if (verdict === 'continue-on-secure-page' && id === 'worker') return 'next page';
  return 'waits';
}

/** A verdict in words. */
export interface VerdictWording {
  readonly title: string;
  readonly advice: string;
  /** The way on, where there is one. */
  readonly next?: { readonly label: string; readonly to: 'secure-page' | 'camera' };
}

const toCamera = { label: 'Open the camera page', to: 'camera' } as const;
const toCameraAnyway = { label: 'Open the camera anyway', to: 'camera' } as const;

/** What the findings mean, and what to do. */
export function verdictWording(verdict: Verdict, platform: PlatformId): VerdictWording {
  switch (verdict) {
    case 'checking':
      return { title: 'Checking…', advice: 'This takes a few seconds.' };
    case 'unreachable':
      return {
        title: 'The server does not answer.',
        advice:
          'Look whether this device is in the same Wi-Fi as the control room and whether Sightline runs there. Then check again.',
      };
    case 'untrusted':
      return {
        title: 'The secure page is not trusted yet.',
        advice:
          'Follow the steps below, then come back to this page: it checks again by itself. Done all of them? Then look at the last step once more.',
      };
    case 'page-broken':
      return {
        title: 'The secure page answers with an error.',
        advice: 'The server may be about to stop or to start. Check again in a moment.',
      };
    case 'socket-refused':
      return {
        title: 'The secure page answers, but the secure connection is refused.',
        advice:
          platform === 'ios'
            ? 'The page was opened in spite of a warning, and an iPhone allows no more than that. Do the last step below: the switch in Certificate Trust Settings.'
            : 'Make sure that all the steps below are done. If they are, a VPN, an ad blocker or a virus scanner may be in the way: switch it off for this server, then check again.',
      };
    case 'continue-on-secure-page':
      return {
        title: 'Nearly there.',
        advice:
          'The secure page and the secure connection work. The last check can only be made on the secure page.',
        next: { label: 'Open the secure page', to: 'secure-page' },
      };
    case 'worker-refused':
      return {
        title: 'The app cannot be installed.',
        advice:
          'The camera may work in this tab, but the browser opened it in spite of a warning and will ask again. Follow the steps below, close this tab and open the page anew. In a private window this check always fails.',
        next: toCameraAnyway,
      };
    case 'worker-unsupported':
      return {
        title: 'This browser cannot install the app.',
        advice:
          'It offers no service worker here, as in a private window or inside another app. The camera page works all the same.',
        next: toCamera,
      };
    case 'worker-broken':
      return {
        title: 'The app could not be fetched from the server.',
        advice:
          'The camera page works all the same. To install it later, check again, or ask whoever runs the server whether all its pages are built.',
        next: toCamera,
      };
    case 'ready':
      return {
        title: 'All is well.',
        advice: 'This device trusts the server. You will not need this page again.',
        next: toCamera,
      };
  }
}

export const GUIDE_TITLE = 'The steps';
export const TABS_NAME = 'Steps for';
export const WITHOUT_TITLE = 'Without these steps';
export const OPEN_ANYWAY = 'Open the camera page with its warning';
export const ROOT_TITLE = 'Is it the right one?';

/** How to tell. The page comes by plain HTTP, so it cannot vouch for what it shows. */
export function rootSentence(rootName: string): string {
  return `The device lists the certificate as “${rootName}”. Where the control room shows the same fingerprint, it is the right one:`;
}

/** One step, with the screen on which it is done. */
export interface Step {
  readonly text: string;
  readonly picture?: SettingsPicture;
}

/** Steps that go together. */
export interface StepGroup {
  /** Only where a platform has more than one. */
  readonly title?: string;
  /** Platform or browser, as device detection names them, for which this group is the right one. */
  readonly fits?: readonly string[];
  readonly steps: readonly Step[];
}

/** What people on one platform do. */
export interface Guide {
  readonly tab: string;
  readonly download: { readonly label: string; readonly path: string };
  readonly groups: readonly StepGroup[];
  /** What works when nobody takes these steps, and whether that is anything. */
  readonly without: { readonly text: string; readonly hasWay: boolean };
}

export const IOS_NEEDS_SAFARI =
  'Open this page in Safari first: other browsers on this device cannot install it.';

const BEFORE_RETURN = 'Come back to this page. It checks by itself whether all is well.';

const certificate = '/sightline-root.crt';

export const GUIDES: Record<PlatformId, Guide> = {
  ios: {
    tab: 'iPhone, iPad',
    download: { label: 'Download the profile', path: '/sightline-root.mobileconfig' },
    groups: [
      {
        steps: [
          { text: 'Tap “Download the profile” above, then Allow, then Close.' },
          {
            text: 'Open the Settings app and tap Profile Downloaded, near the top. If it is not there: General, then VPN & Device Management.',
            picture: {
              look: 'ios',
              title: 'Settings',
              rows: [
                { label: 'Your name' },
                { label: 'Profile Downloaded', isTarget: true },
                { label: 'Airplane Mode', control: 'switch-off' },
              ],
            },
          },
          {
            text: 'Tap Install at the top, enter your passcode, and tap Install again. “Not verified” is expected here.',
            picture: {
              look: 'ios',
              title: 'Install Profile',
              action: 'Install',
              rows: [
                { label: 'Sightline root', control: 'none' },
                { label: 'Not Verified', control: 'none' },
              ],
            },
          },
          {
            text: 'Back in Settings: General, then About, then Certificate Trust Settings at the very bottom.',
            picture: {
              look: 'ios',
              title: 'About',
              rows: [
                { label: 'SEID' },
                { label: 'Carrier Lock', control: 'none' },
                { label: 'Certificate Trust Settings', isTarget: true },
              ],
            },
          },
          {
            text: 'Switch on the Sightline root, then tap Continue. Without this switch nothing works.',
            picture: {
              look: 'ios',
              title: 'Certificate Trust Settings',
              rows: [{ label: 'Sightline root', control: 'switch-on', isTarget: true }],
            },
          },
          { text: BEFORE_RETURN },
        ],
      },
    ],
    without: {
      text: 'Nothing: an iPhone or iPad shows the page after a warning, but refuses the secure connection behind it.',
      hasWay: false,
    },
  },
  android: {
    tab: 'Android',
    download: { label: 'Download the certificate', path: certificate },
    groups: [
      {
        steps: [
          {
            text: 'Tap “Download the certificate” above. If Android says that it must be installed in Settings, tap Close.',
          },
          {
            text: 'Open the Settings app, then Security & privacy, then More security & privacy, then Encryption & credentials. Names differ a little: search the settings for “CA certificate”.',
            picture: {
              look: 'android',
              title: 'More security & privacy',
              rows: [
                { label: 'Device admin apps' },
                { label: 'Encryption & credentials', isTarget: true },
                { label: 'Trust agents' },
              ],
            },
          },
          {
            text: 'Tap Install a certificate. On a Samsung: Install from device storage.',
            picture: {
              look: 'android',
              title: 'Encryption & credentials',
              rows: [
                { label: 'Trusted credentials' },
                { label: 'User credentials' },
                { label: 'Install a certificate', isTarget: true },
              ],
            },
          },
          {
            text: 'Choose CA certificate. Not “Wi-Fi certificate”: the browser would never see it.',
            picture: {
              look: 'android',
              title: 'Install a certificate',
              rows: [
                { label: 'CA certificate', isTarget: true },
                { label: 'VPN & app user certificate' },
                { label: 'Wi-Fi certificate', isWrong: true },
              ],
            },
          },
          {
            text: 'Tap Install anyway, unlock the phone, and choose sightline-root.crt in Downloads.',
          },
          { text: BEFORE_RETURN },
        ],
      },
    ],
    without: {
      text: 'The camera works in a browser tab: at the warning tap Advanced, then Proceed. It cannot be installed as an app, and the warning comes back.',
      hasWay: true,
    },
  },
  computer: {
    tab: 'Computer',
    download: { label: 'Download the certificate', path: certificate },
    groups: [
      {
        title: 'Mac: Safari, Chrome, Edge',
        fits: ['macOS'],
        steps: [
          { text: 'Open the downloaded file: Keychain Access adds it to your login keychain.' },
          {
            text: 'Double-click the Sightline root in the list, open Trust, and choose Always Trust.',
            picture: {
              look: 'dialog',
              title: 'Sightline root',
              rows: [{ label: 'When using: Always Trust', isTarget: true }, { label: 'Details' }],
            },
          },
          { text: 'Close that window and enter your password. Then come back to this page.' },
        ],
      },
      {
        title: 'Windows: Chrome, Edge',
        fits: ['Windows'],
        steps: [
          { text: 'Open the downloaded file, click Install Certificate, and choose Current User.' },
          {
            text: 'Choose “Place all certificates in the following store”, then Browse, then Trusted Root Certification Authorities.',
            picture: {
              look: 'dialog',
              title: 'Select Certificate Store',
              rows: [
                { label: 'Personal', control: 'none' },
                {
                  label: 'Trusted Root Certification…',
                  control: 'none',
                  isTarget: true,
                },
                { label: 'Enterprise Trust', control: 'none' },
              ],
            },
          },
          { text: 'Finish, answer Yes, and come back to this page.' },
        ],
      },
      {
        title: 'Linux and ChromeOS: Chrome',
        fits: ['Linux', 'ChromeOS'],
        steps: [
          {
            text: 'In Chrome open Settings, then Privacy and security, then Security, then Manage certificates.',
          },
          {
            text: 'Under “Installed by you” (or Authorities) import the downloaded file as a trusted certificate for websites.',
            picture: {
              look: 'dialog',
              title: 'Your certificates',
              rows: [{ label: 'Installed by you', isTarget: true }, { label: 'Chrome Root Store' }],
            },
          },
          { text: 'Come back to this page.' },
        ],
      },
      {
        title: 'Firefox, on any computer',
        fits: ['Firefox'],
        steps: [
          {
            text: 'In Firefox open Settings, then Privacy & Security, then View Certificates, then Authorities.',
          },
          {
            text: 'Import the downloaded file and tick “Trust this CA to identify websites”.',
            picture: {
              look: 'dialog',
              title: 'Downloading Certificate',
              rows: [
                {
                  label: '… identify websites',
                  control: 'tick',
                  isTarget: true,
                },
                { label: '… identify email users', control: 'none' },
              ],
            },
          },
          { text: 'Come back to this page.' },
        ],
      },
    ],
    without: {
      text: 'The camera works in a browser tab after the warning. It cannot be installed as an app, and the warning comes back.',
      hasWay: true,
    },
  },
};

/** What a picture shows, for those who do not see it. */
export function pictureWording({ title, rows, action }: SettingsPicture): string {
  const target = action ?? rows.find(({ isTarget }) => isTarget === true)?.label ?? title;
  const wrong = rows.find(({ isWrong }) => isWrong === true);
  const warning = wrong === undefined ? '' : `, and “${wrong.label}” is crossed out`;
  return `The screen “${title}”: “${target}” is marked${warning}.`;
}
