/** What an operator can choose in a tile's menu. */
export type MenuChoice = 'rename' | 'mute' | 'stop' | 'remove' | 'block';
