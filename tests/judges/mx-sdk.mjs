// MX's own SDK for Node calls a mock server. usage: mx-sdk.mjs URL SPEC
//
// SPEC is JSON. Each of its operations that the SDK has is called, with the arguments that the spec describes. Prints a
// line for each operation that fails, and last how many were called.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../target/judges/", import.meta.url));
const sdk = require("mx-platform-node");

const [url, file] = process.argv.slice(2);
const spec = JSON.parse(readFileSync(file, "utf8"));

// The SDK has no argument for the header, though the API asks for it.
const baseOptions = { headers: { "Accept-Version": "v20250224" } };
const configuration = new sdk.Configuration({ basePath: url, username: "judge", password: "not-a-secret",
  accessToken: "not-a-secret", baseOptions });
// Later versions have a class for each tag, earlier ones one for all.
const classes = Object.entries(sdk).filter(([name, known]) => name.endsWith("Api") && typeof known === "function");
const clients = classes.map(([, Client]) => new Client(configuration));

const resolve = (node) => (node?.$ref ? resolve(node.$ref.slice(2).split("/").reduce((at, key) => at[key], spec)) : node);
const plain = (name) => name.replace(/[^a-z0-9]/gi, "").toLowerCase();
const sample = (node, depth = 0) => {
  const schema = resolve(node) ?? {};
  if (schema.example != null && schema.type !== "object" && schema.type !== "array") {
    return fitted(schema, schema.example);
  }
  if (schema.enum) return schema.enum[0];
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => sample(part, depth)));
  const alternative = schema.oneOf?.[0] ?? schema.anyOf?.[0];
  if (alternative) return sample(alternative, depth);
  if (schema.properties || schema.type === "object") {
    const names = Object.keys(schema.properties ?? {}).filter((name) => schema.required?.includes(name) || depth < 3);
    return Object.fromEntries(names.map((name) => [name, sample(schema.properties[name], depth + 1)]));
  }
  return { array: () => [sample(schema.items, depth + 1)], boolean: () => true, integer: () => 1, number: () => 1.5,
    string: () => "text" }[schema.type]?.() ?? "text";
};
const fitted = (schema, value) => {
  const { type } = resolve(schema) ?? {};
  if (type === "string") return `${value}`;
  if ((type === "integer" || type === "number") && typeof value === "string") return Number(value);
  return type === "boolean" && typeof value === "string" ? value === "true" : value;
};

let called = 0, failed = 0;
for (const [path, item] of Object.entries(spec.paths)) {
  for (const [method, operation] of Object.entries(item)) {
    if (!operation?.operationId) continue;
    const wanted = plain(operation.operationId);
    const nameOf = (client) => Object.getOwnPropertyNames(Object.getPrototypeOf(client)).find((name) => plain(name) === wanted);
    const client = clients.find(nameOf);
    if (!client) continue;
    const call = client[nameOf(client)];
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
    const content = Object.values(resolve(operation.requestBody)?.content ?? {})[0];
    // The names of the arguments, as the compiled code has them.
    const names = /^[^(]*\(([^)]*)\)/.exec(call.toString())[1].split(",").map((name) => name.trim()).filter(Boolean);
    const values = names.map((name) => {
      if (name === "options" || name === "axiosOptions") return undefined;
      // The SDK says `memberGuid` where the spec says `member_identifier`.
      const isSame = (parameter) => plain(parameter.name) === plain(name);
      const isAlike = ({ name: known, in: place }) => place === "path" && !/body/i.test(name) &&
        plain(name).startsWith(known.split("_")[0]);
      const found = parameters.find(isSame) ?? parameters.find(isAlike);
      if (found?.name.toLowerCase() === "accept-version") return "v20250224";
      if (found) return fitted(found.schema, found.example ?? sample(found.schema));
      return content && /body|request/i.test(name) ? content.example ?? sample(content.schema) : undefined;
    });
    called += 1;
    try {
      await call.apply(client, values);
    } catch (error) {
      failed += 1;
      const { status, data } = error.response ?? {};
      console.log(`${operation.operationId} (${method} ${path}): ${status ?? error.message} ${JSON.stringify(data ?? null)}`);
    }
  }
}
console.log(`${called} operations called, ${failed} failed`);
