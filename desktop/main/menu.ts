import type { MenuItemConstructorOptions } from 'electron';

/** What the menu depends on. */
export interface MenuFacts {
  isMac: boolean;
  /** Developer tools are for those who run it from its sources. */
  isPackaged: boolean;
  onAbout: () => void;
}

/** The native menu: the usual roles in the usual places of each system. */
export function menuTemplate(facts: MenuFacts): MenuItemConstructorOptions[] {
  const about = { label: 'About Sightline', click: facts.onAbout };
  return [
    ...(facts.isMac ? [appMenu(about)] : []),
    { label: 'File', submenu: [{ role: facts.isMac ? 'close' : 'quit' }] },
    { role: 'editMenu' },
    viewMenu(facts.isPackaged),
    { role: 'windowMenu' },
    { role: 'help', submenu: facts.isMac ? [] : [about] },
  ];
}

function appMenu(about: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      about,
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
}

function viewMenu(isPackaged: boolean): MenuItemConstructorOptions {
  return {
    label: 'View',
    submenu: [
      { label: 'Full screen', role: 'togglefullscreen' },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'reload' },
      ...(isPackaged ? [] : [{ role: 'toggleDevTools' as const }]),
    ],
  };
}
