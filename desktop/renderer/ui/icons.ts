/** Icons of the console: stroked paths on a grid of 24 units, drawn for this project. */
export const icons = {
  phone: 'M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2',
  tablet: 'M5 3h14a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM11 18h2',
  computer: 'M4 5h16v10H4zM2 19h20',
  unknown: 'M3 7h11v10H3zM14 11l6-3v8l-6-3',
  'microphone-off':
    'M4 4l16 16M9 9v2a3 3 0 0 0 4.6 2.5M15 11V6a3 3 0 0 0-5.6-1.5M5.5 11a6.5 6.5 0 0 0 10.3 5.3M18.5 11a6.4 6.4 0 0 1-.6 2.7M12 17.5V21',
  relayed:
    'M12 8.5a2.3 2.3 0 1 0 0-4.6a2.3 2.3 0 0 0 0 4.6M5 20a2.3 2.3 0 1 0 0-4.6A2.3 2.3 0 0 0 5 20M19 20a2.3 2.3 0 1 0 0-4.6a2.3 2.3 0 0 0 0 4.6M6.2 15.7l4.6-7.5M17.8 15.7l-4.6-7.5',
  viewers:
    'M2.5 12S6 6 12 6s9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6zM12 9.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 0 0 0-5',
  'sound-on':
    'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11',
  'sound-off': 'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  fullscreen: 'M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5',
  'leave-fullscreen': 'M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5',
  history: 'M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 4v4.5h4.5M12 8v4.3l3 1.8',
  statistics: 'M5 20v-7M10 20V9M15 20v-5M20 20V4',
  copy: 'M9 9h10v11H9zM6 15H5V4h10v2',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6L6 18',
  server: 'M4 5h16v6H4zM4 13h16v6H4zM7.5 8h.01M7.5 16h.01',
  warning: 'M12 4L2.5 20h19zM12 10v4.5M12 17.2v.01',
  add: 'M12 5v14M5 12h14',
  connecting: 'M12 3.5a8.5 8.5 0 1 0 8.5 8.5M12 7.5v4.7l3 1.8',
  reconnecting:
    'M20 11a8 8 0 0 0-14.5-3.5L4 9.5M4 4.5v5h5M4 13a8 8 0 0 0 14.5 3.5l1.5-2M20 19.5v-5h-5',
  frozen:
    'M12 2.5v19M3.8 7.2l16.4 9.6M20.2 7.2L3.8 16.8M9.5 4L12 6.5 14.5 4M9.5 20l2.5-2.5L14.5 20',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  rename: 'M4 20l1-4L16 5l3 3L8 19zM13.5 7.5l3 3',
  leave: 'M10 4H5v16h5M14 8l4 4-4 4M18 12H9',
  block: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M6 6l12 12',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  room: 'M5 20V4h9v16M3 20h18M14 6h4v14M11 12h.01',
  key: 'M8 11.5a4 4 0 1 0 0 8 4 4 0 0 0 0-8M11 12.5L19.5 4M16 7.5l2.5 2.5',
  poor: 'M8.5 3h7L21 8.5v7L15.5 21h-7L3 15.5v-7zM12 7.5v5.5M12 16.3v.01',
  lost: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M9 9l6 6M15 9l-6 6',
  notice: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 11v5M12 7.8v.01',
  alerts: 'M5 17h14l-1.8-2.6V10a5.2 5.2 0 0 0-10.4 0v4.4zM10 20.5h4',
  settings:
    'M4 7h8M18 7h2M4 17h2M12 17h8M15 4.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5M9 14.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5',
  ended: 'M6.5 6.5h11v11h-11z',
} as const;

export type IconName = keyof typeof icons;
