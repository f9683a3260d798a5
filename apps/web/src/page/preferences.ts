import { Store } from '../core/store.js';
import type { Zone } from '../core/format/zone.js';

export type Theme = 'auto' | 'light' | 'dark';

export interface Preferences {
  readonly zone: Zone;
  readonly theme: Theme;
}

const KEY = 'preferences';

/** Kept in this browser. */
export const preferences = new Store<Preferences>(stored());
preferences.subscribe(() => {
  keep(preferences.get());
  applyTheme();
});

const darkScheme = window.matchMedia('(prefers-color-scheme: dark)');
darkScheme.addEventListener('change', applyTheme);

/** The theme that is on, after `auto` has been looked up. */
export const shownTheme = new Store<'light' | 'dark'>('light');

export function applyTheme(): void {
  const { theme } = preferences.get();
  const shown = theme === 'auto' ? (darkScheme.matches ? 'dark' : 'light') : theme;
  document.documentElement.dataset['theme'] = shown;
  shownTheme.set(shown);
}

function stored(): Preferences {
  try {
    const { zone, theme } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Preferences>;
    return {
      zone: zone === 'utc' ? 'utc' : 'local',
      theme: theme === 'light' || theme === 'dark' ? theme : 'auto',
    };
  } catch {
    return { zone: 'local', theme: 'auto' };
  }
}

function keep(value: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing: the choice holds until the page is left.
  }
}
