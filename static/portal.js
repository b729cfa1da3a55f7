// What the pages do beyond links and forms. Every page works without it.
(() => {
  const root = document.documentElement;

  const toggleTheme = () => {
    const theme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = theme;
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // Storage is closed: the choice lasts as long as the page.
    }
  };

  const toggleNavigation = (button) => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", open);
    document.getElementById("navigation").classList.toggle("is-open", open);
  };

  // Without https there is no clipboard object: select the text and use the old command.
  const copyText = async (element) => {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(element.textContent);
      return true;
    }
    getSelection().selectAllChildren(element);
    return document.execCommand("copy");
  };

  const copy = async (button) => {
    const word = button.querySelector(".copy-word");
    const done = await copyText(document.getElementById(button.dataset.copy)).catch(() => false);
    word.textContent = done ? "Copied" : "Press Ctrl+C";
    setTimeout(() => {
      word.textContent = "Copy";
    }, 2000);
  };

  const closeMenus = (except) => {
    document.querySelectorAll(".user-menu[open]").forEach((menu) => {
      if (!menu.contains(except)) menu.open = false;
    });
  };

  document.addEventListener("click", (event) => {
    closeMenus(event.target);
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches(".theme-toggle")) toggleTheme();
    if (button.matches(".nav-toggle")) toggleNavigation(button);
    if (button.dataset.copy) copy(button);
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "Escape") {
      const menu = document.querySelector(".user-menu[open]");
      closeMenus(null);
      menu?.querySelector("summary").focus();
    }
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = document.getElementById("search");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  // Filters that are not used stay out of the address.
  document.addEventListener("htmx:configRequest", (event) => {
    const parameters = event.detail.parameters;
    for (const name of Object.keys(parameters)) {
      if (parameters[name] === "" && event.detail.verb === "get") delete parameters[name];
    }
  });
})();
