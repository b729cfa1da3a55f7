// A form for a request, made from the schemas of the OpenAPI document.
//
// draw(schemas, name, value, changed) returns the elements for the model of that name. Whenever a field changes,
// changed() gets the whole request anew; what the form does not know is kept as it is.
const SandboxFields = (() => {
  const LONGEST_NUMBER = 15; // digits that a number of JavaScript keeps; longer ones are sent as text
  const SHOWN_ANYWAY = 3;
  let ids = 0;

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children);
    return element;
  };

  // --- what the schema says --------------------------------------------------------------------------------------

  // Beside its own form the API takes null, and numbers as text: that helps programs, not people.
  const plain = (schema) => {
    const { anyOf, ...notes } = schema;
    const first = anyOf ? { ...anyOf.find((each) => each.type !== "null"), ...notes } : schema;
    return { ...first, type: Array.isArray(first.type) ? first.type[0] : first.type };
  };

  const model = (schemas, { $ref }) => schemas[$ref.split("/").pop()];

  const choices = (schema) => schema.enum?.filter((each) => each !== null && each !== "");

  const typeName = (schema) => {
    if (schema.$ref) return "object";
    if (schema.type !== "array") return schema.type;
    const items = plain(schema.items);
    return items.$ref ? "list of objects" : `list of ${items.type}s`;
  };

  const bounds = ({ minimum, maximum, maxLength, maxItems }) =>
    [
      minimum !== undefined && `at least ${minimum}`,
      maximum !== undefined && `at most ${maximum}`,
      maxLength !== undefined && `at most ${maxLength} characters`,
      maxItems !== undefined && `at most ${maxItems}`,
    ].filter(Boolean);

  // What stands in backticks is code.
  const prose = (text) => text.split("`").map((part, index) => (index % 2 ? make("code", {}, part) : part));

  const hint = (schema) => {
    const said = bounds(schema);
    if (schema.default !== undefined) said.push(`default ${schema.default}`);
    const feature = schema["x-brand-feature"];
    if (feature) said.push(`needs the brand feature ${feature}`);
    return prose(said.length ? `${schema.description} (${said.join("; ")})` : schema.description);
  };

  // --- controls for one value; each tells changed() undefined when it is left empty -------------------------------

  const checkbox = (schema, value, changed, attributes) => {
    const input = make("input", { type: "checkbox", class: "form-check-input", ...attributes });
    input.checked = value ?? schema.default ?? false;
    input.addEventListener("change", () => {
      const isUsual = input.checked === (schema.default ?? false) && !attributes.required;
      changed(isUsual ? undefined : input.checked);
    });
    return input;
  };

  const select = (schema, value, changed, attributes) => {
    const options = choices(schema).map((each) => make("option", { value: each }, each));
    const input = make("select", { class: "form-select", ...attributes }, make("option", { value: "" }, "–"), ...options);
    input.value = value ?? "";
    input.addEventListener("change", () => changed(input.value || undefined));
    return input;
  };

  const asNumber = (text) => {
    const isNumber = /^-?\d+(\.\d+)?$/.test(text) && text.replace(/\D/g, "").length <= LONGEST_NUMBER;
    return isNumber ? Number(text) : text;
  };

  const entry = (schema, value, changed, attributes) => {
    const isNumber = schema.type === "number" || schema.type === "integer";
    const input = make("input", {
      class: "form-control",
      autocomplete: "off",
      spellcheck: "false",
      inputmode: isNumber ? "decimal" : undefined,
      placeholder: schema.pattern ? schema.pattern.includes(":") ? "2030-01-31 12:00:00" : "2030-01-31" : undefined,
      ...attributes,
    });
    input.value = value ?? "";
    input.addEventListener("input", () => {
      const text = input.value;
      changed(text === "" ? undefined : isNumber ? asNumber(text.trim()) : text);
    });
    return input;
  };

  const lines = (schema, value, changed, attributes) => {
    const input = make("textarea", { class: "form-control", rows: 2, placeholder: "one a line", ...attributes });
    input.value = Array.isArray(value) ? value.join("\n") : "";
    input.addEventListener("input", () => {
      const found = input.value.split("\n").map((each) => each.trim()).filter(Boolean);
      changed(found.length ? found : undefined);
    });
    return input;
  };

  const control = (schema) => {
    if (schema.type === "array") return lines;
    if (schema.type === "boolean") return checkbox;
    return choices(schema) ? select : entry;
  };

  // --- fields, objects, lists -------------------------------------------------------------------------------------

  const title = (name, schema, required) => {
    const words = [make("code", {}, name), " ", make("span", { class: "unit" }, typeName(schema))];
    if (required) words.push(" ", make("span", { class: "badge bg-orange-lt" }, "required"));
    if (schema.deprecated) words.push(" ", make("span", { class: "badge bg-secondary-lt" }, "deprecated"));
    return words;
  };

  const simple = (name, schema, value, changed, required) => {
    const id = `sandbox-field-${(ids += 1)}`;
    const input = control(schema)(schema, value, changed, { id, "aria-describedby": `${id}-hint`, required });
    input.removeAttribute("required"); // the API refuses what is missing; seeing that is what the page is for
    if (required) input.setAttribute("aria-required", "true");
    const label = make("label", { class: "form-label", for: id }, ...title(name, schema, required));
    const note = make("p", { class: "form-hint", id: `${id}-hint` }, ...hint(schema));
    const isTick = schema.type === "boolean";
    const kind = `sandbox-field ${isTick ? "sandbox-tick" : ""}`;
    return make("div", { class: kind }, ...(isTick ? [input, label, note] : [label, input, note]));
  };

  const object = (schemas, described, value, changed) => {
    let current = { ...value };
    const required = described.required ?? [];
    const set = (name, next) => {
      current = { ...current, [name]: next };
      if (next === undefined) delete current[name];
      changed(current);
    };
    const draw = (name) => {
      const schema = plain(described.properties[name]);
      return field(schemas, name, schema, current[name], (next) => set(name, next), required.includes(name));
    };
    const names = Object.keys(described.properties ?? {});
    const first = [
      ...names.filter((name) => required.includes(name)),
      ...names.filter((name) => !required.includes(name) && current[name] !== undefined),
    ];
    const rest = names.filter((name) => !first.includes(name));
    return [...first.map(draw), ...more(rest.map(draw), first.length > 0)];
  };

  // A long rest of fields that nobody has used yet is folded away.
  const more = (fields, isRest) => {
    if (!isRest || fields.length <= SHOWN_ANYWAY) return fields;
    return [make("details", { class: "more sandbox-more" }, make("summary", {}, `${fields.length} more fields`), ...fields)];
  };

  const part = (name, schema, isOpen, required, ...content) =>
    make(
      "details",
      { class: "sandbox-part", open: isOpen },
      make("summary", {}, ...title(name, schema, required)),
      make("p", { class: "form-hint" }, ...hint(schema)),
      ...content,
    );

  const nested = (schemas, name, schema, value, changed, required) => {
    const below = object(schemas, model(schemas, schema), value, (next) => {
      changed(Object.keys(next).length || required ? next : undefined);
    });
    return part(name, schema, required || value !== undefined, required, ...below);
  };

  const list = (schemas, name, schema, value, changed, required) => {
    let items = Array.isArray(value) ? [...value] : [];
    const box = make("div", {});
    const button = make("button", { type: "button", class: "btn btn-sm" }, `Add to ${name}`);
    const tell = () => changed(items.length || required ? items : undefined);
    const draw = () => box.replaceChildren(...items.map((_, index) => item(index)));
    const item = (index) => {
      const remove = make("button", { type: "button", class: "btn btn-sm" }, "Remove");
      remove.addEventListener("click", () => {
        items = items.filter((_, other) => other !== index);
        draw();
        tell();
        button.focus();
      });
      const below = object(schemas, model(schemas, schema.items), items[index], (next) => {
        items = items.map((each, other) => (other === index ? next : each));
        tell();
      });
      return make("fieldset", { class: "sandbox-item" }, make("legend", {}, `${name} ${index + 1}`), ...below, remove);
    };
    button.addEventListener("click", () => {
      items = [...items, {}];
      draw();
      tell();
      box.lastElementChild.querySelector("input, select, textarea")?.focus();
    });
    draw();
    return part(name, schema, items.length > 0, required, box, button);
  };

  const field = (schemas, name, schema, value, changed, required) => {
    if (schema.$ref) return nested(schemas, name, schema, value, changed, required);
    if (schema.type === "array" && plain(schema.items).$ref) return list(schemas, name, schema, value, changed, required);
    return simple(name, schema, value, changed, required);
  };

  const draw = (schemas, name, value, changed) => object(schemas, schemas[name], value, changed);

  return { draw, make };
})();
