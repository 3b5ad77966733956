/** The keys of the screen, as the sheet that `?` opens lists them. */
export const keys: readonly { place: string; keys: readonly (readonly [keys: string, does: string])[] }[] = [
  {
    place: 'Everywhere',
    keys: [
      ['?', 'show these keys'],
      ['Tab', 'go on to the next control; the first one skips to the content'],
      ['Esc', 'close what lies on top, leave a field, give up the selection'],
    ],
  },
  {
    place: 'Pictures of a library',
    keys: [
      ['/', 'search'],
      ['Arrows, Home, End, Page Up, Page Down', 'move'],
      ['Enter', 'open'],
      ['Space', 'select, or no longer'],
      ['Shift + arrows', 'select up to there'],
      ['Ctrl + A', 'select all'],
    ],
  },
  {
    place: 'One picture',
    keys: [
      ['Left, Right', 'the previous, the next'],
      ['+, −, 0', 'larger, smaller, whole'],
      ['Up, Down, Shift + arrows', 'move a picture that is larger than its place'],
      ['i', 'information, or none'],
    ],
  },
];

/** Whether keys that are pressed there are text: a key that means something of its own would be lost for writing. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['button', 'checkbox', 'radio', 'range', 'submit'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

/** Whether a dialog lies over the page: the keys are its own then. */
export function isCovered(): boolean {
  return document.querySelector('dialog[open]') !== null;
}

/** Whether a key is the page's to act on: nobody did yet, it is no text, no dialog lies over the page, and with Ctrl, Alt or Cmd it would be the browser's. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return false;
  return !isTyping(event.target) && !isCovered();
}
