// Runs before the first paint, so that a chosen theme or language never flashes past.
(() => {
  const root = document.documentElement;
  const theme = localStorage.getItem('decisioning.theme');
  const language = localStorage.getItem('decisioning.language') ?? navigator.language;
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  root.lang = language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
})();
