// Runs before the page is drawn: the chosen theme, or the system's.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  };
  const apply = () => {
    document.documentElement.dataset.bsTheme = chosen() || (system.matches ? "dark" : "light");
  };
  document.documentElement.classList.add("js");
  system.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  apply();
})();
