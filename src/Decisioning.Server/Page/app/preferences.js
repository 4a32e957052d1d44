/** Theme and language, kept in the browser. */
export function createPreferences(changed) {
  const root = document.documentElement;
  return {
    theme: () => root.dataset.theme ?? 'auto',
    language: () => root.lang,
    setTheme(theme) {
      if (theme === 'auto') delete root.dataset.theme;
      else root.dataset.theme = theme;
      localStorage.setItem('decisioning.theme', theme);
      changed();
    },
    setLanguage(language) {
      root.lang = language;
      localStorage.setItem('decisioning.language', language);
      changed();
    },
  };
}
