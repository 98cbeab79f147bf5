/** What the console says before, or in place of, everything else; loaded before the other words. */
export const openingWords = {
  notLoaded: 'A part of this page could not be loaded. Load it again.',
  loadAgain: 'Load again',
  desktopSilent: 'The desktop app does not answer. Quit it and open it again.',
} as const;
