/** What can be chosen in a tile's menu; viewers have no more than the first two. */
export type MenuChoice =
  'inspect' | 'quality' | 'camera' | 'rename' | 'mute' | 'stop' | 'remove' | 'block';
