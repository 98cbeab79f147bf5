import type { Device } from '../signal/protocol/fields';
import type { PermissionSteps } from './problem-wording';

/** Where each browser and system keeps its permissions, in the words people find there. */
export const stepsByDevice: PermissionSteps = { unblock, allowBrowser };

function unblock(device: Device): readonly string[] {
  const { platform, browser = 'your browser' } = device;
  if (platform === 'iOS' || platform === 'iPadOS') {
    return browser === 'Safari'
      ? [
          'Tap the page button beside the address, then the three dots if you see them.',
          'Open Website Settings, and set Camera and Microphone to Allow.',
          'Tap Reload.',
        ]
      : [
          `Open the Settings app, then Apps, then ${browser}.`,
          'Switch Camera and Microphone on.',
          'Come back here and tap Reload.',
        ];
  }
  if (platform === 'Android') {
    return browser === 'Firefox'
      ? ['Tap the lock beside the address.', 'Set Camera and Microphone to Allowed.', 'Tap Reload.']
      : [
          'Tap the icon beside the address, then Permissions.',
          'Allow Camera and Microphone, or tap Reset permissions.',
          'Tap Reload.',
        ];
  }
  if (browser === 'Safari') {
    return [
      'In the menu, choose Safari, then Settings for this website.',
      'Set Camera and Microphone to Allow.',
      'Click Reload.',
    ];
  }
  return [
    'Click the camera or settings icon beside the address.',
    'Allow the camera and the microphone for this page.',
    'Click Reload.',
  ];
}

function allowBrowser(device: Device): readonly string[] {
  const { browser = 'your browser' } = device;
  switch (device.platform) {
    case 'iOS':
    case 'iPadOS':
      return [
        'Open the Settings app, then Privacy & Security, then Camera.',
        `Switch ${browser} on, and do the same under Microphone.`,
      ];
    case 'Android':
      return [
        `Open the Settings app, then Apps, then ${browser}, then Permissions.`,
        'Allow Camera and Microphone.',
        'If your phone has a camera switch in its quick settings, switch it on.',
      ];
    case 'macOS':
      return [
        'Open System Settings, then Privacy & Security, then Camera.',
        `Switch ${browser} on, and do the same under Microphone.`,
      ];
    case 'Windows':
      return [
        'Open Settings, then Privacy & security, then Camera.',
        'Switch on camera access, and access for desktop apps.',
      ];
    default:
      return [`Allow ${browser} to use the camera in the system settings.`];
  }
}
