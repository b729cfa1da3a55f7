// The sandbox: choose a method, fill its fields or write the body, send it, read the answer.
// Key and secret live in their inputs only; the call goes straight to the JSON API of this server.
(() => {
  const at = (id) => document.getElementById(`sandbox-${id}`);
  const form = document.getElementById("sandbox");
  const { make } = SandboxFields;
  let api = null;
  let problemOfBody = "";

  // --- method, fields, body ---------------------------------------------------------------------------------------

  const operation = () => api.paths[`/merchant/${at("method").value}`].post;
  const content = () => operation().requestBody.content["application/json"];
  const written = (value) => JSON.stringify(value, null, 2);

  const showProblem = (text) => {
    problemOfBody = text;
    at("problem").textContent = text;
    at("body").setAttribute("aria-invalid", text !== "");
  };

  const writeBody = (value) => {
    at("body").value = written(value);
    showProblem("");
    showCurl();
  };

  const drawFields = (value) => {
    const name = content().schema.$ref.split("/").pop();
    const drawn = SandboxFields.draw(api.components.schemas, name, value, writeBody);
    at("fields").replaceChildren(...(drawn.length ? drawn : [make("p", { class: "form-hint mb-0" }, "This method takes no fields.")]));
  };

  const readBody = () => {
    try {
      const value = JSON.parse(at("body").value);
      if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Error("it must be a JSON object");
      showProblem("");
      drawFields(value);
    } catch (problem) {
      showProblem(`The fields wait until this is JSON: ${problem.message}`);
    }
    showCurl();
  };

  const takeExample = () => {
    writeBody(content().example);
    drawFields(content().example);
  };

  const takeMethod = () => {
    at("summary").textContent = `${operation().summary}.`;
    history.replaceState(null, "", `#${at("method").value}`);
    takeExample();
  };

  // --- the call ---------------------------------------------------------------------------------------------------

  const url = () => `${location.origin}/merchant/${at("method").value}`;

  const named = () =>
    Object.fromEntries(
      [...form.querySelectorAll("[data-header]")].filter((each) => each.value).map((each) => [each.dataset.header, each.value]),
    );

  // Headers are bytes: what is not ASCII goes out as UTF-8.
  const asBytes = (text) => String.fromCharCode(...new TextEncoder().encode(text));

  const headers = () => ({
    ...Object.fromEntries(Object.entries(named()).map(([name, value]) => [name, asBytes(value)])),
    Authorization: `Basic ${btoa(asBytes(`${at("key").value}:${at("secret").value}`))}`,
    "Content-Type": "application/json",
  });

  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

  const showCurl = () => {
    const sent = Object.entries(named())
      .filter(([name]) => name !== "employeePassword")
      .map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
    const words = [`curl ${url()} -u KEY:SECRET`, ...sent, `-d ${quoted(at("body").value)}`];
    at("curl").textContent = words.join(" \\\n    ");
  };

  const showAnswer = (response, text, milliseconds) => {
    const { status, statusText } = response;
    const badge = make("span", { class: `badge ${response.ok ? "bg-green-lt" : "bg-red-lt"}` }, `${status} ${statusText}`.trim());
    at("status").replaceChildren(badge, ` ${Math.round(milliseconds)} ms`);
    at("answer-head").textContent = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
    at("answer-headers").hidden = false;
    at("answer-body").replaceChildren(SandboxJson.pretty(text));
    at("answer").hidden = false;
    const reference = /"requestRef":\s*"([0-9a-f-]{36})"/.exec(text)?.[1];
    // Callers who do not get past the key have no request that the list could show.
    const isListed = reference !== undefined && status !== 401 && status !== 404;
    at("link").hidden = !isListed;
    if (isListed) at("link").href = form.dataset.request.replace(/0{8}-.*0{12}/, reference);
  };

  const showFailure = (problem) => {
    at("status").textContent = `No answer: ${problem.message}`;
    for (const id of ["answer-headers", "answer", "link"]) at(id).hidden = true;
  };

  const send = async () => {
    const button = form.querySelector("[type=submit]");
    if (button.disabled || !form.reportValidity()) return;
    button.disabled = true;
    at("status").textContent = "Sending …";
    const started = performance.now();
    try {
      const body = at("body").value;
      const response = await fetch(url(), { method: "POST", headers: headers(), body, credentials: "omit", cache: "no-store" });
      showAnswer(response, await response.text(), performance.now() - started);
    } catch (problem) {
      showFailure(problem);
    } finally {
      button.disabled = false;
    }
  };

  // --- beginning --------------------------------------------------------------------------------------------------

  const drawHeaders = () => {
    const optional = Object.values(api.components.parameters).filter((each) => !each.required);
    at("headers").replaceChildren(
      ...optional.map(({ name, description }) => {
        const id = `sandbox-header-${name}`;
        const type = name === "employeePassword" ? "password" : "text";
        return make(
          "div",
          {},
          make("label", { class: "form-label", for: id }, make("code", {}, name)),
          make("input", { id, type, class: "form-control", autocomplete: "off", "data-header": name, "aria-describedby": `${id}-hint` }),
          make("p", { class: "form-hint", id: `${id}-hint` }, description),
        );
      }),
    );
  };

  const begin = async () => {
    const response = await fetch(form.dataset.document);
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    api = await response.json();
    const names = Object.keys(api.paths).map((path) => path.split("/").pop());
    at("method").replaceChildren(...names.map((name) => make("option", { value: name }, name)));
    const wanted = location.hash.slice(1);
    at("method").value = names.includes(wanted) ? wanted : "search";
    drawHeaders();
    takeMethod();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  at("method").addEventListener("change", takeMethod);
  at("example").addEventListener("click", takeExample);
  at("body").addEventListener("input", readBody);
  at("body").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      send();
    }
  });
  form.addEventListener("input", (event) => {
    if (event.target.dataset.header) showCurl();
  });
  begin().catch((problem) => showFailure(problem));
})();
