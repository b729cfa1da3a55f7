// One language for all examples, kept from page to page.
(() => {
  const choose = (language) => {
    document.querySelectorAll(".example-languages input").forEach((input) => {
      input.checked = input.value === language;
    });
  };

  try {
    const kept = localStorage.getItem("language");
    if (document.querySelector(`.example-languages input[value="${CSS.escape(kept ?? "")}"]`)) choose(kept);
  } catch {
    // Storage is closed: each page begins with the first language.
  }

  document.addEventListener("change", (event) => {
    if (!event.target.matches(".example-languages input")) return;
    choose(event.target.value);
    try {
      localStorage.setItem("language", event.target.value);
    } catch {
      // The choice lasts as long as the page.
    }
  });
})();
