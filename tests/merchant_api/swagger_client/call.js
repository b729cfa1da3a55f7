// Reads /api-docs, makes a client from it, and makes the calls that stand on standard input, one after the other.
// Writes what the document led to as one JSON object: the methods, a model as text, and status and body of each call.
const Swagger = require("swagger-client");

const { url, key, secret, headers, calls } = JSON.parse(require("fs").readFileSync(0, "utf8"));

const told = (response) => ({ status: response.status, body: JSON.parse(response.data) });
const call = (client, { method, body }) =>
  client.merchant[method]({ ...headers, body: JSON.stringify(body) }).then(told, told);

new Swagger({ url: `${url}/api-docs`, usePromise: true })
  .then(async (client) => {
    client.clientAuthorizations.add("basicAuth", new Swagger.PasswordAuthorization(key, secret));
    const answers = [];
    for (const each of calls) answers.push(await call(client, each));
    const { operations } = client.merchant;
    console.log(
      JSON.stringify({
        methods: Object.keys(operations),
        paths: Object.fromEntries(Object.entries(operations).map(([name, { path }]) => [name, path])),
        headers: operations.search.parameters.filter((each) => each.in === "header").map((each) => each.name),
        models: Object.keys(client.models),
        answers,
      }),
    );
  })
  .catch((problem) => {
    console.error(problem);
    process.exit(1);
  });
