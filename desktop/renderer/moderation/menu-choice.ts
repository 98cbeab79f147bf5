/** What an operator can choose in a tile's menu. */
export type MenuChoice = 'inspect' | 'rename' | 'mute' | 'stop' | 'remove' | 'block';
