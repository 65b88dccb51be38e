/** Line drawings on a 20 × 20 grid, stroked in the colour of the text around them. */
export const icons = {
  live: ['M2 12h4l2-7 4 11 2-6h4'],
  profile: ['M3 16h14M4 13h12M6 10h8M8 7h5M9 4h2'],
  kernel: ['M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z'],
  trace: ['M2 5h7M11 5h4M4 10h3M9 10h9M2 15h4M8 15h8'],
  pause: ['M7 4v12M13 4v12'],
  resume: ['M6 4l10 6-10 6z'],
  step: ['M4 4l8 6-8 6z', 'M15 4v12'],
  until: ['M3 10h9M9 6l4 4-4 4', 'M16 4v12'],
  save: ['M10 3v9M6 9l4 4 4-4M3 16h14'],
  open: ['M2.5 15.5v-11h5l2 2.5h8v8.5z'],
  search: ['M9 3a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM13.5 13.5L17 17'],
  sun: [
    'M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z',
    'M10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6L16 16M4 16l1.4-1.4M14.6 5.4L16 4',
  ],
  moon: ['M16 12A7 7 0 0 1 8 4a6.5 6.5 0 1 0 8 8z'],
  help: ['M7 7.5a3 3 0 1 1 4.2 2.7c-.8.4-1.2 1-1.2 1.8v.5M10 15.4v.6'],
  drawer: ['M3 4h14v12H3zM12.5 4v12'],
  close: ['M5 5l10 10M15 5L5 15'],
  check: ['M4 10.5l4 4 8-9'],
  alert: ['M10 3l7.5 13.5h-15zM10 8v4M10 14v.5'],
  down: ['M5 8l5 5 5-5'],
  reboot: ['M15.5 7A6.5 6.5 0 1 0 16.5 11M16 3v4h-4'],
  plus: ['M10 4v12M4 10h12'],
  copy: ['M7 7h9v10H7z', 'M4 13V3h9'],
  dice: ['M4 4h12v12H4zM7.5 7.5v.1M12.5 7.5v.1M10 10v.1M7.5 12.5v.1M12.5 12.5v.1'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type IconName = keyof typeof icons
