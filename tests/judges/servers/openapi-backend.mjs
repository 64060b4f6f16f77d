// The Platform operation as openapi-backend serves it, from the spec. usage: openapi-backend.mjs SPEC [FAULT]
//
// With the fault `unwrapped` it contradicts the spec.
import { createServer } from "node:http";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../target/judges/", import.meta.url));
const { OpenAPIBackend } = require("openapi-backend");

const credentials = `Basic ${Buffer.from("judge:not-a-secret").toString("base64")}`;
const answer = (status, body, headers = {}) => ({ status, body, headers });
const api = new OpenAPIBackend({ definition: process.argv[2], ajvOpts: { coerceTypes: true, strict: false } });
api.registerSecurityHandler("basicAuth", (context) => context.request.headers.authorization === credentials);
api.register({
  requestOAuthWindowURI: (context) => {
    if (context.request.headers["accept-version"] !== "v20250224") return answer(406, { error: "version" });
    const window = { guid: "MBR-1", oauth_window_uri: "https://example.com/oauth" };
    return answer(200, process.argv[3] === "unwrapped" ? window : { member: window });
  },
  unauthorizedHandler: () => answer(401, { error: "credentials" }, { "www-authenticate": "Basic" }),
  validationFail: (context) => answer(400, { error: context.validation.errors }),
  notFound: () => answer(404, { error: "path" }),
  methodNotAllowed: () => answer(405, { error: "method" }),
});
await api.init();

const server = createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, "http://localhost");
  const query = Object.fromEntries(searchParams);
  const { method, headers } = request;
  const { status, body, headers: more } = await api.handleRequest({ method, path: pathname, query, headers });
  response.writeHead(status, { "content-type": "application/json", ...more }).end(JSON.stringify(body));
});
server.listen(0, "127.0.0.1", () => console.log(`listens on http://127.0.0.1:${server.address().port}`));
