// The Platform operation as a program with Express serves it. usage: express.mjs [FAULT]
//
// With a fault, `created` or `method`, it contradicts the spec.
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../target/judges/", import.meta.url));
const express = require("express");

const fault = process.argv[2];
const credentials = `Basic ${Buffer.from("judge:not-a-secret").toString("base64")}`;
const app = express();
const path = "/users/:user/members/:member/oauth_window_uri";

app[fault === "method" ? "all" : "get"](path, (request, response) => {
  const { query } = request;
  if (request.get("authorization") !== credentials) {
    return response.status(401).set("www-authenticate", "Basic").json({ error: "credentials" });
  }
  if (request.get("accept-version") !== "v20250224") return response.status(406).json({ error: "version" });
  const isBoolean = (value) => value === undefined || value === "true" || value === "false";
  if (!isBoolean(query.skip_aggregation)) return response.status(400).json({ error: "skip_aggregation" });
  response.status(fault === "created" ? 201 : 200);
  response.json({ member: { guid: "MBR-1", oauth_window_uri: "https://example.com/oauth" } });
});
app.all(path, (request, response) => response.status(405).set("allow", "GET").end());

const server = app.listen(0, "127.0.0.1", () => console.log(`listens on http://127.0.0.1:${server.address().port}`));
