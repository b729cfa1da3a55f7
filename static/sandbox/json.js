// JSON as it was sent: indented and coloured without being read as numbers, so that 10.00 stays 10.00.
const SandboxJson = (() => {
  const PARTS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

  const classOf = (part, next) => {
    if (part.startsWith('"')) return next === ":" ? "nt" : "s2";
    return /^-?\d/.test(part) ? "mi" : "kc";
  };

  const span = (text, name) => {
    const element = document.createElement("span");
    element.className = name;
    element.textContent = text;
    return element;
  };

  // The text as nodes for a <pre>; what is no JSON is shown as it is.
  const pretty = (text) => {
    const shown = document.createDocumentFragment();
    try {
      JSON.parse(text);
    } catch {
      shown.append(text);
      return shown;
    }
    const parts = text.match(PARTS);
    let depth = 0;
    const line = () => shown.append(`\n${"  ".repeat(depth)}`);
    parts.forEach((part, index) => {
      const next = parts[index + 1];
      if (part === "{" || part === "[") {
        shown.append(part);
        depth += 1;
        if (next !== "}" && next !== "]") line();
      } else if (part === "}" || part === "]") {
        depth -= 1;
        if (parts[index - 1] !== "{" && parts[index - 1] !== "[") line();
        shown.append(part);
      } else if (part === ",") {
        shown.append(part);
        line();
      } else if (part === ":") {
        shown.append(": ");
      } else {
        shown.append(span(part, classOf(part, next)));
      }
    });
    return shown;
  };

  return { pretty };
})();
