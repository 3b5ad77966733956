export type Theme = 'system' | 'light' | 'dark';

const key = 'vitrine.theme';

function remembered(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

/** The chosen colours. `public/theme.js` has already applied a remembered choice before the first paint. */
class ThemeChoice {
  #theme = $state<Theme>(remembered());

  get current(): Theme {
    return this.#theme;
  }

  /** System, light, dark, and round again. */
  next(): void {
    this.#theme = this.#theme === 'system' ? 'light' : this.#theme === 'light' ? 'dark' : 'system';
    if (this.#theme === 'system') {
      delete document.documentElement.dataset.theme;
      localStorage.removeItem(key);
    } else {
      document.documentElement.dataset.theme = this.#theme;
      localStorage.setItem(key, this.#theme);
    }
  }
}

export const theme = new ThemeChoice();
